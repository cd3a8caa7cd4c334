import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../data/load-dataset';
import type { Progress } from '../data/progress';
import { fashionNetwork } from '../model/fashion-network';
import { readCheckpoint } from '../train/checkpoint';
import { embed } from '../train/embedder';
import { configure } from './preset';
import { loadRun, run, type Run, type RunOptions } from './run';
import { loadNetwork } from './trained-network';

const SETTINGS = configure({ name: 'tiny', network: 'fashion', dimension: 8 }, 'smoke', {
  steps: 12,
  batchSize: 16,
  trainLimit: 300,
  testLimit: 80,
  logEvery: 4,
  evaluateEvery: 6,
});

/** How the embeddings lie in space, which every run reports. */
const GEOMETRY = [
  'meanNorm',
  'betweenClassDistance',
  'withinClassDistance',
  'hardestPositive',
  'hardestNegative',
];

/** The files that have to be the same, byte by byte, however a run came to its end. */
const RESULTS = ['metrics.jsonl', 'weights.bin', 'embeddings.bin'];

const base = mkdtempSync(join(tmpdir(), 'runs-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(base, String(folders++));

let uncut: Run;
beforeAll(async () => {
  uncut = await run(SETTINGS, { runsFolder: newFolder() });
});

/** Runs until `step` is done, and stops. Resolves to the error that says so. */
async function runUntil(step: number, options: RunOptions): Promise<Error> {
  const stop = new AbortController();
  const onProgress = ({ done }: Progress): void => {
    if (done === step) stop.abort();
  };
  if (step === 0) stop.abort();
  const outcome = run(SETTINGS, { ...options, signal: stop.signal, onProgress });
  return outcome.then(
    () => new Error('not interrupted'),
    (error: Error) => error,
  );
}

function expectSameResults(found: Run): void {
  for (const name of RESULTS) {
    const [a, b] = [found, uncut].map(({ directory }) => readFileSync(join(directory, name)));
    expect(a.equals(b), name).toBe(true);
  }
  expect(found.metrics).toEqual(uncut.metrics);
  expect(found.embeddings()).toEqual(uncut.embeddings());
}

describe('a run', () => {
  it('has the metrics of every interval, of training and of validation', () => {
    expect(uncut.status).toBe('finished');
    expect(uncut.metrics.map(({ split, step }) => `${split} ${step}`)).toEqual([
      'train 4',
      'validation 6',
      'train 8',
      'train 12',
      'validation 12',
    ]);
    const names = ['loss', 'fractionPositive', ...GEOMETRY];
    const means = names.map((name) => `mean ${name}`);
    for (const { split, values } of uncut.metrics) {
      expect(Object.keys(values)).toEqual(
        split === 'train' ? [...names, ...means] : [...names, 'precisionAt1'],
      );
      expect(Object.values(values).every(Number.isFinite)).toBe(true);
    }
  });

  it('sums itself up', () => {
    const [, , second, third, validation] = uncut.metrics;
    const mean = (name: string): number => (second.values[name] + third.values[name]) / 2;
    expect(uncut.summary).toMatchObject({
      steps: 12,
      validation: validation.values,
      train: { loss: mean('mean loss'), fractionPositive: mean('mean fractionPositive') },
      test: validation.values,
      lastBatch: { loss: third.values.loss, fractionPositive: third.values.fractionPositive },
    });
    expect(uncut.summary.seconds).toBeGreaterThan(0);
  });

  it('says what it was made of, in its folder', () => {
    expect(uncut.config).toEqual(SETTINGS);
    expect(uncut.id).toMatch(/^tiny-[0-9a-f]{12}$/);
    expect(uncut.directory.endsWith(uncut.id)).toBe(true);
    expect(uncut.environment).toMatchObject({ node: process.version, engine: 'compiled' });
    const config: unknown = JSON.parse(readFileSync(join(uncut.directory, 'config.json'), 'utf8'));
    expect(config).toEqual(SETTINGS);
  });

  it('has the embeddings of the test images under its network', async () => {
    const { test } = await loadDataset('mnist', { testLimit: 80 });
    const { embeddings, labels } = uncut.embeddings();
    expect(embeddings.shape).toEqual([80, 8]);
    expect([...labels]).toEqual([...test.labels]);
    const network = loadNetwork(uncut);
    const again = await embed(network, test);
    expect(again.embeddings).toEqual(embeddings);
    network.dispose();
  });

  it('is loaded, not trained, when it is asked for again', async () => {
    const weights = statSync(join(uncut.directory, 'weights.bin'));
    const again = await run(SETTINGS, {
      runsFolder: join(uncut.directory, '..'),
      onProgress: () => expect.unreachable('it was trained again'),
    });
    expect(statSync(join(uncut.directory, 'weights.bin')).mtimeMs).toBe(weights.mtimeMs);
    const data = { embeddings: 0, snapshots: 0 };
    expect({ ...again, ...data }).toEqual({ ...uncut, ...data });
    expectSameResults(again);
    expectSameResults(await loadRun(uncut.directory));
  });

  it('has the same numbers wherever and beside whatever it is trained', async () => {
    const other = run({ ...SETTINGS, seed: 2, steps: 3 }, { runsFolder: newFolder() });
    expectSameResults(await run(SETTINGS, { runsFolder: newFolder() }));
    expect((await other).metrics).not.toEqual(uncut.metrics);
  });

  it('is trained once when it is asked for twice at a time', async () => {
    const runsFolder = newFolder();
    const steps: number[] = [];
    const onProgress = ({ done }: Progress): void => void steps.push(done);
    const both = await Promise.all([1, 2].map(() => run(SETTINGS, { runsFolder, onProgress })));
    expect(steps).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    both.forEach(expectSameResults);
  });

  it('leaves no tensors behind', async () => {
    const { numTensors } = tf.memory();
    await run({ ...SETTINGS, steps: 2, evaluateEvery: 2 }, { runsFolder: newFolder() });
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe('snapshots', () => {
  it('are of the untrained network, then closer in the beginning, and change nothing', async () => {
    const result = await run(SETTINGS, { runsFolder: newFolder(), snapshots: 3 });
    expectSameResults(result);
    const snapshots = result.snapshots();
    expect(snapshots.map(({ step }) => step)).toEqual([0, 1, 5, 12]);
    const { test } = await loadDataset('mnist', { testLimit: 80 });
    const untrained = fashionNetwork({ dimension: 8, seed: SETTINGS.seed });
    expect(snapshots[0].embeddings).toEqual((await embed(untrained, test)).embeddings);
    untrained.dispose();
    const cut = await run({ ...SETTINGS, steps: 5 }, { runsFolder: newFolder() });
    expect(snapshots[2].embeddings).toEqual(cut.embeddings().embeddings);
    expect(snapshots[3].embeddings).toEqual(result.embeddings().embeddings);
  });

  it('are the same in a run that was interrupted', async () => {
    const runsFolder = newFolder();
    for (const step of [1, 3, 6]) await runUntil(step, { runsFolder, snapshots: 3 });
    const result = await run(SETTINGS, { runsFolder, snapshots: 3 });
    const whole = await run(SETTINGS, { runsFolder: newFolder(), snapshots: 3 });
    expect(result.snapshots()).toEqual(whole.snapshots());
  });

  it('are none but the last where none were asked for', () => {
    expect(uncut.snapshots()).toEqual([{ step: 12, embeddings: uncut.embeddings().embeddings }]);
  });
});

describe('a run that is interrupted', () => {
  it('goes on where it stopped, again and again, and ends with the same bytes', async () => {
    const runsFolder = newFolder();
    for (const step of [1, 4, 5, 6, 11]) {
      const error = await runUntil(step, { runsFolder });
      expect(error.name).toBe('AbortError');
      expect(error.message).toContain(`interrupted at step ${step} of 12; its checkpoint is kept`);
    }
    expectSameResults(await run(SETTINGS, { runsFolder }));
  });

  it('may be stopped before it begins and after its last step', async () => {
    const runsFolder = newFolder();
    expect((await runUntil(0, { runsFolder })).name).toBe('AbortError');
    // All that was left to do is done by then.
    expect((await runUntil(12, { runsFolder })).message).toBe('not interrupted');
    expectSameResults(await run(SETTINGS, { runsFolder }));
  });

  it('may be stopped in the middle of an evaluation, which is then made again', async () => {
    const settings = { ...SETTINGS, steps: 4, evaluateEvery: 1, testLimit: 2_000 };
    const expected = await run(settings, { runsFolder: newFolder() });
    const runsFolder = newFolder();
    let stoppedWithin = 0;
    for (const step of [1, 2, 3]) {
      const stop = new AbortController();
      const onProgress = ({ done }: Progress): void => {
        // A step is over in a few milliseconds; the evaluation that follows takes a hundred.
        if (done === step) setTimeout(() => stop.abort(), 15);
      };
      const error = await run(settings, { runsFolder, signal: stop.signal, onProgress }).then(
        () => expect.unreachable('it was not interrupted'),
        (reason: Error) => reason,
      );
      expect(error.name).toBe('AbortError');
      const checkpoint = join(runsFolder, expected.id, 'checkpoint.bin');
      const { unevaluated } = readCheckpoint<{ unevaluated?: boolean }>(checkpoint).progress;
      if (unevaluated) stoppedWithin++;
      if (unevaluated && step === 3) {
        const metrics = join(runsFolder, expected.id, 'metrics.jsonl');
        appendFileSync(metrics, '{"step":4,"split":"validation","values":{"loss":99}}\n');
      }
    }
    expect(stoppedWithin).toBeGreaterThan(0);
    const resumed = await run(settings, { runsFolder });
    for (const name of RESULTS) {
      const [a, b] = [resumed, expected].map(({ directory }) =>
        readFileSync(join(directory, name)),
      );
      expect(a.equals(b), name).toBe(true);
    }
  });

  it('is finished, and its checkpoint goes, when it was killed between its last two writes', async () => {
    const runsFolder = newFolder();
    await runUntil(11, { runsFolder });
    const checkpoint = join(runsFolder, uncut.id, 'checkpoint.bin');
    const left = readFileSync(checkpoint);
    await run(SETTINGS, { runsFolder });
    expect(existsSync(checkpoint)).toBe(false);
    writeFileSync(checkpoint, left);
    const onProgress = (): never => expect.unreachable('it was trained again');
    expectSameResults(await run(SETTINGS, { runsFolder, onProgress }));
    expect(existsSync(checkpoint)).toBe(false);
  });

  it('forgets the metrics that its checkpoint does not know', async () => {
    const runsFolder = newFolder();
    await runUntil(5, { runsFolder });
    const metrics = join(runsFolder, uncut.id, 'metrics.jsonl');
    appendFileSync(metrics, '{"step":8,"split":"train","values":{"loss":99}}\n{"step":12,"spl');
    expectSameResults(await run(SETTINGS, { runsFolder }));
  });

  it('has the same numbers however often its checkpoint is written', async () => {
    expectSameResults(await run(SETTINGS, { runsFolder: newFolder(), checkpointSeconds: 0 }));
  });
});

describe('a damaged run folder', () => {
  /** A folder of a run that is finished, or of one that stopped at step 5. */
  async function spoil(name: string, content: string | Uint8Array): Promise<() => Promise<Run>> {
    const runsFolder = newFolder();
    if (name === 'checkpoint.bin') await runUntil(5, { runsFolder });
    else await run(SETTINGS, { runsFolder });
    writeFileSync(join(runsFolder, uncut.id, name), content);
    return () => run(SETTINGS, { runsFolder });
  }

  it.each([
    ['summary.json', '{"steps": 12,', /summary\.json cannot be read .*delete the run's folder/],
    ['config.json', '', /config\.json cannot be read .*delete the run's folder/],
    [
      'config.json',
      '{"margin": -1}',
      /config\.json cannot be read \(configuration: margin: must be > 0, got -1\)/,
    ],
    ['environment.json', 'x', /environment\.json cannot be read/],
    ['metrics.jsonl', 'x\n', /metrics\.jsonl cannot be read/],
    ['checkpoint.bin', 'x', /checkpoint\.bin does not begin with TLAB0001/],
    [
      'checkpoint.bin',
      'TLAB0001\u0004\u0000\u0000\u0000{}  ',
      /checkpoint\.bin has a damaged header/,
    ],
  ])('%s: %j', async (name, content, message) => {
    const again = await spoil(name, content);
    await expect(again()).rejects.toThrow(message);
    // The folder is not left locked.
    await expect(again()).rejects.toThrow(message);
  });

  it('embeddings.bin: the error comes when they are asked for', async () => {
    const again = await spoil('embeddings.bin', 'TLAB');
    const found = await again();
    expect(() => found.embeddings()).toThrow(/embeddings\.bin does not begin with TLAB0001/);
  });
});

describe('what cannot be run', () => {
  it.each<[string, object, RunOptions, RegExp]>([
    ['a wrong setting', { margin: -1 }, {}, /^configuration: margin: must be > 0, got -1/],
    [
      'a balanced batch of more classes than there are',
      { sampling: 'balanced', batchSize: 24, classesPerBatch: 12 },
      {},
      /^balancedBatches: classes must be at most the 10 in labels, got 12/,
    ],
    [
      'images held out of which none is left',
      { trainLimit: 3, validationShare: 0.1 },
      {},
      /^stratifiedSplit: validationShare 0.1 of 3 items leaves none for validation/,
    ],
    [
      'a learning rate at which training diverges',
      { learningRate: 1e30 },
      {},
      /^training: \w+ is NaN at step \d+\. A smaller learningRate usually helps/,
    ],
    [
      'half a snapshot',
      {},
      { snapshots: 0.5 },
      /^run: snapshots must be a whole number >= 0, got 0.5/,
    ],
    [
      'a negative interval',
      {},
      { checkpointSeconds: -1 },
      /^run: checkpointSeconds must be >= 0, got -1/,
    ],
  ])('%s', async (_, settings, options, message) => {
    const outcome = run({ ...SETTINGS, ...settings }, { runsFolder: newFolder(), ...options });
    await expect(outcome).rejects.toThrow(message);
  });

  it('a folder that holds no run, of which nothing is made', async () => {
    const path = join(base, 'no-run');
    await expect(loadRun(path)).rejects.toThrow(/no-run.config\.json cannot be read/);
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('a run on other data than are here', async () => {
    const path = join(newFolder(), 'sample-run');
    cpSync(uncut.directory, path, { recursive: true });
    const environment = { ...uncut.environment, data: 'a sample', digest: 'of the sample' };
    writeFileSync(join(path, 'environment.json'), JSON.stringify(environment));
    await expect(loadRun(path)).rejects.toThrow(/sample-run was trained on a sample, but here is /);
  });
});
