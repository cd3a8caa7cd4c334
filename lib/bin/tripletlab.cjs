#!/usr/bin/env node
// Plain CommonJS, so that it can say what to do while the library is not built yet.
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`tripletlab: Node ${process.versions.node} is too old; 20.19 or later is needed.`);
  process.exit(1);
}
const program = join(__dirname, '..', 'dist', 'cli.js');
if (!existsSync(program)) {
  console.error(`tripletlab: ${program} is missing.\nBuild the library first: npm run build`);
  process.exit(1);
}
require(program)
  .main(process.argv.slice(2))
  // To a pipe an exit would cut off what is written and not read yet.
  .then((status) => process.stdout.write('', () => process.exit(status)));
