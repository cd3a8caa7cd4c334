/**
 * Runs a configuration in a process of its own, straight from the TypeScript sources:
 *
 *   node train-in-child.test-support.cjs <settings as JSON> <options of run as JSON>
 *
 * Prints 'step <n>' after every step, and at the end the metrics as JSON.
 */
const { readFileSync } = require('node:fs');
const typescript = require('typescript');

require.extensions['.ts'] = (module, path) => {
  const { outputText } = typescript.transpileModule(readFileSync(path, 'utf8'), {
    fileName: path,
    compilerOptions: { module: 'CommonJS', target: 'ES2022', esModuleInterop: true },
  });
  module._compile(outputText, path);
};

const { run } = require('./run.ts');
const [settings, options] = process.argv.slice(2).map((text) => JSON.parse(text));
const onProgress = ({ done }) => console.log(`step ${done}`);
run(settings, { ...options, onProgress }).then(({ metrics }) => {
  console.log(JSON.stringify(metrics));
});
