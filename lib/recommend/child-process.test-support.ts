import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

/** Runs the TypeScript sources as they are. */
const LOADER = `
  const { readFileSync } = require('node:fs');
  const typescript = require('typescript');
  const compilerOptions = { module: 'CommonJS', target: 'ES2022', esModuleInterop: true };
  require.extensions['.ts'] = (module, path) => {
    const source = readFileSync(path, 'utf8');
    module._compile(typescript.transpileModule(source, { compilerOptions }).outputText, path);
  };
  const { ItemDatabase } = require('./item-database.ts');
  const { matrix } = require('../data/matrix.ts');
  const print = (value) => console.log(JSON.stringify(value));
`;

/** Another process that runs `body`, in which `path`, ItemDatabase, matrix and print are known. */
export class Child {
  private readonly process: ChildProcess;
  private readonly reader: Interface;
  private readonly lines: AsyncIterator<string>;

  constructor(path: string, body: string) {
    const script = `${LOADER}; (async (path) => { ${body} })(${JSON.stringify(path)});`;
    this.process = spawn(process.execPath, ['--eval', script], {
      cwd: __dirname,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.reader = createInterface({ input: this.process.stdout! });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  /** The next value that it prints. */
  async next(): Promise<unknown> {
    const line = await this.lines.next();
    if (line.done) throw new Error('the other process ended without a word');
    return JSON.parse(line.value);
  }

  /** Kills it, whatever it is doing, and waits for its end. */
  async kill(): Promise<void> {
    const { exitCode, signalCode } = this.process;
    if (exitCode !== null || signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }
}
