import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Configuration } from './configuration';
import { configure } from './preset';
import { run, type Run, type RunOptions } from './run';
import { expectSameNumbers } from './same-numbers.test-support';

const SETTINGS = configure({ name: 'tiny', network: 'fashion', dimension: 8 }, 'smoke', {
  steps: 12,
  batchSize: 16,
  trainLimit: 300,
  testLimit: 80,
  logEvery: 4,
  evaluateEvery: 6,
});

/** The same with the state of a head besides. */
const SOFTMAX = { ...SETTINGS, strategy: 'softmax' as const };

/** A lock is taken over ten seconds after its process died, and children have to load tfjs. */
const TIMEOUT = 120_000;

const base = mkdtempSync(join(tmpdir(), 'crash-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let uncut: Run;
let uncutSoftmax: Run;
beforeAll(async () => {
  uncut = await run(SETTINGS, { runsFolder: join(base, 'uncut') });
  uncutSoftmax = await run(SOFTMAX, { runsFolder: join(base, 'uncut') });
}, TIMEOUT);

/**
 * A process that runs a configuration straight from the TypeScript sources. It prints 'step <n>'
 * after every step, and at the end the metrics as JSON.
 */
const CHILD = `
  const { readFileSync } = require('node:fs');
  const typescript = require('typescript');
  const compilerOptions = { module: 'CommonJS', target: 'ES2022', esModuleInterop: true };
  require.extensions['.ts'] = (module, path) => {
    const source = readFileSync(path, 'utf8');
    module._compile(typescript.transpileModule(source, { compilerOptions }).outputText, path);
  };
  const [settings, options] = process.argv.slice(1).map((text) => JSON.parse(text));
  const onProgress = ({ done }) => console.log('step ' + done);
  require('./run.ts').run(settings, { ...options, onProgress }).then(({ metrics }) => {
    console.log(JSON.stringify(metrics));
  });
`;

interface Ended {
  signal: NodeJS.Signals | null;
  /** What the child printed. */
  lines: string[];
}

/** Trains in a child process, which is killed with SIGKILL once it has printed `fatal`. */
function trainInChild(
  options: RunOptions,
  fatal?: string,
  settings: Configuration = SETTINGS,
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--eval', CHILD, JSON.stringify(settings), JSON.stringify(options)],
    { cwd: __dirname, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    if (line === fatal) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, signal) => resolve({ signal, lines }));
  });
}

describe('a training that is killed (kill -9)', () => {
  it.concurrent.each([
    { step: 1, checkpointSeconds: 10, resumesAfter: 0 },
    { step: 5, checkpointSeconds: 0, resumesAfter: 4 },
    // During the evaluation, or while the results are written.
    { step: 12, checkpointSeconds: 0, resumesAfter: 11 },
  ])(
    'after step $step, checkpoints every $checkpointSeconds s, ends with the same bytes',
    async ({ step, checkpointSeconds, resumesAfter }) => {
      const options = { runsFolder: join(base, `killed after ${step}`), checkpointSeconds };
      const killed = await trainInChild(options, `step ${step}`);
      expect(killed.signal).toBe('SIGKILL');
      const done: number[] = [];
      const resumed = await run(SETTINGS, { ...options, onProgress: (at) => done.push(at.done) });
      expect(done.length === 0 || done[0] > resumesAfter).toBe(true);
      expectSameNumbers(resumed, uncut);
      expect(existsSync(join(resumed.directory, 'checkpoint.bin'))).toBe(false);
    },
    TIMEOUT,
  );

  it(
    'by softmax ends with the same bytes, those of its head included',
    async () => {
      const options = { runsFolder: join(base, 'killed softmax'), checkpointSeconds: 0 };
      expect((await trainInChild(options, 'step 5', SOFTMAX)).signal).toBe('SIGKILL');
      expectSameNumbers(await run(SOFTMAX, options), uncutSoftmax);
    },
    TIMEOUT,
  );
});

describe('two processes that are asked for one run', () => {
  it(
    'train it once, and both return it',
    async () => {
      const runsFolder = join(base, 'together');
      const both = await Promise.all([1, 2].map(() => trainInChild({ runsFolder })));
      const steps = both.flatMap(({ lines }) => lines.filter((line) => line.startsWith('step')));
      expect(steps).toEqual(Array.from({ length: 12 }, (_, i) => `step ${i + 1}`));
      for (const { lines } of both) expect(JSON.parse(lines.at(-1) ?? '')).toEqual(uncut.metrics);
      expectSameNumbers(await run(SETTINGS, { runsFolder }), uncut);
    },
    TIMEOUT,
  );
});
