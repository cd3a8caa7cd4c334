import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { inverted } from '../data/inverted';
import { loadDataset } from '../data/load-dataset';
import { knnAccuracy } from '../evaluate/knn';
import { softmaxLoss } from '../loss/softmax';
import { readCheckpoint } from '../train/checkpoint';
import { embed } from '../train/embedder';
import type { Configuration } from './configuration';
import { configure } from './preset';
import { run, type Run } from './run';
import { loadHead, loadNetwork } from './trained-network';
import { expectSameNumbers } from './same-numbers.test-support';

const base = mkdtempSync(join(tmpdir(), 'run-settings-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(base, String(folders++));

const settingsOf = (changes: Partial<Configuration>): Configuration =>
  configure({ name: 'tiny', network: 'fashion', dimension: 8 }, 'smoke', {
    steps: 12,
    batchSize: 16,
    trainLimit: 300,
    testLimit: 80,
    logEvery: 4,
    evaluateEvery: 6,
    ...changes,
  });
const runOf = (changes: Partial<Configuration>): Promise<Run> =>
  run(settingsOf(changes), { runsFolder: newFolder() });

/** Trains to the end, stopped after each of `steps` and asked for again. */
async function runInPieces(settings: Configuration, steps: number[]): Promise<Run> {
  const runsFolder = newFolder();
  for (const step of steps) {
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }): void => void (done === step && stop.abort());
    await expect(run(settings, { runsFolder, signal: stop.signal, onProgress })).rejects.toThrow(
      `interrupted at step ${step}`,
    );
  }
  return run(settings, { runsFolder });
}

describe.each<[string, Partial<Configuration>]>([
  ['softmax', { strategy: 'softmax', learningRate: 0.01 }],
  ['softmax on the network mnist', { strategy: 'softmax', network: 'mnist' }],
  ['class order', { sampling: 'class_ordered', shuffleBuffer: 20 }],
  ['balanced batches', { sampling: 'balanced', classesPerBatch: 8, strategy: 'batch_hard' }],
  ['images held out, inverted', { validationShare: 0.2, inverted: true }],
])('a run: %s', (_, changes) => {
  it('ends with the same bytes when it is interrupted and resumed', async () => {
    const uncut = await runOf(changes);
    const resumed = await runInPieces(settingsOf(changes), [3, 6, 11]);
    expectSameNumbers(resumed, uncut);
    for (const { values } of uncut.metrics) {
      expect(Object.values(values).every(Number.isFinite)).toBe(true);
    }
  });
});

describe('a softmax run', () => {
  it('reports accuracy in place of the fraction of positive triplets', async () => {
    const { metrics, summary } = await runOf({ strategy: 'softmax' });
    for (const { values } of metrics) {
      expect(Object.keys(values)).toEqual(expect.arrayContaining(['loss', 'accuracy', 'meanNorm']));
      expect(values).not.toHaveProperty('fractionPositive');
    }
    expect(summary.lastBatch.accuracy).toBeGreaterThanOrEqual(0);
  });

  it('gives back its network and its head, which classify as it reported', async () => {
    const found = await runOf({ strategy: 'softmax', learningRate: 0.01, steps: 20 });
    const network = loadNetwork(found);
    const head = loadHead(found);
    const { test } = await loadDataset('mnist', { testLimit: 80 });
    const { embeddings } = await embed(network, test);
    expect(embeddings).toEqual(found.embeddings().embeddings);
    // Averages are over batches of 64, a short last one counting as a whole.
    const batches = [[0, 64] as const, [64, 80] as const].map(([from, to]) =>
      tf.tidy(() => {
        const rows = embeddings.data.slice(8 * from, 8 * to);
        const logits = head.predict(tf.tensor2d(rows, [to - from, 8])) as tf.Tensor2D;
        const labels = tf.tensor1d(test.labels.slice(from, to), 'int32');
        const { loss, accuracy } = softmaxLoss(logits, labels);
        return { loss: loss.dataSync()[0], accuracy: accuracy.dataSync()[0] };
      }),
    );
    for (const name of ['loss', 'accuracy'] as const) {
      const expected = (batches[0][name] + batches[1][name]) / 2;
      expect(found.summary.validation[name], name).toBeCloseTo(expected, 5);
    }
    network.dispose();
    head.dispose();
  });

  it('keeps its head beside the network in weights.bin', async () => {
    const { directory } = await runOf({ strategy: 'softmax', steps: 2 });
    const { arrays } = readCheckpoint(join(directory, 'weights.bin'));
    expect(Object.keys(arrays).filter((name) => name.startsWith('head'))).toEqual([
      'head 0 Dense kernel',
      'head 0 Dense bias',
    ]);
    expect(arrays['head 0 Dense kernel'].shape).toEqual([8, 10]);
  });

  it('alone has a head', async () => {
    const triplets = await runOf({ steps: 2 });
    expect(() => loadHead(triplets)).toThrow(
      "loadHead: a softmax run has a head, got strategy 'batch_all'",
    );
  });

  it('leaves no tensors behind', async () => {
    const { numTensors } = tf.memory();
    await runOf({ strategy: 'softmax', steps: 2, evaluateEvery: 2 });
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe('precisionAt1 of a run', () => {
  it('is that of the test embeddings, leave-one-out', async () => {
    const found = await runOf({});
    expect(found.summary.validation.precisionAt1).toBe(await knnAccuracy(found.embeddings()));
  });

  it('is left out where no image has another of its class', async () => {
    const { summary } = await runOf({ steps: 2, testLimit: 1 });
    expect(summary.validation).not.toHaveProperty('precisionAt1');
    expect(summary.validation.loss).toBe(0);
  });
});

describe('a run with images held out', () => {
  it('validates with them and still embeds the test set', async () => {
    const found = await runOf({ validationShare: 0.2 });
    expect(found.embeddings().embeddings.shape).toEqual([80, 8]);
    expect(found.summary.test.precisionAt1).toBe(await knnAccuracy(found.embeddings()));
    expect(found.summary.validation).toEqual(found.metrics.at(-1)?.values);
    expect(found.summary.validation).not.toEqual(found.summary.test);
    expect(Object.keys(found.summary.validation)).toEqual(Object.keys(found.summary.test));
  });
});

describe('a run on inverted images', () => {
  it('embeds the inverted test images', async () => {
    const found = await runOf({ inverted: true, steps: 2 });
    const { test } = await loadDataset('mnist', { testLimit: 80 });
    const network = loadNetwork(found);
    const { embeddings } = await embed(network, inverted(test));
    expect(found.embeddings().embeddings).toEqual(embeddings);
    network.dispose();
  });
});
