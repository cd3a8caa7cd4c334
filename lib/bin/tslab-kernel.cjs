// Jupyter starts the kernel through this file: node tslab-kernel.cjs <connection file>.
// It is plain CommonJS so that it can say what to do while the library is not built yet.
'use strict';

const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');

// Node >= 22.1 keeps what it has compiled of TypeScript and tfjs for the next start.
enableCompileCache?.(join(__dirname, '..', '..', 'node_modules', '.cache', 'node'));

const launcher = join(__dirname, '..', 'dist', 'notebook', 'kernel', 'launcher.js');
if (!existsSync(launcher)) {
  console.error(`tslab kernel: ${launcher} is missing.\nBuild the library first: npm run build`);
  process.exit(1);
}
require(launcher).launch(process.argv[2]);
