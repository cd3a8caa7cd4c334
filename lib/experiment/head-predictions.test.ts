import * as tf from '@tensorflow/tfjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Configuration } from './configuration';
import { headPredictions } from './head-predictions';
import { run, type Run } from './run';

const runsFolder = mkdtempSync(join(tmpdir(), 'tripletlab-head-'));
afterAll(() => rmSync(runsFolder, { recursive: true }));

const trained = (strategy: Configuration['strategy'], steps: number): Promise<Run> =>
  run(
    { strategy, steps, trainLimit: 200, testLimit: 128, dimension: 8, learningRate: 0.01 },
    { runsFolder },
  );

describe('headPredictions', () => {
  it('are right as often as the run reported', async () => {
    const found = await trained('softmax', 20);
    const { numTensors } = tf.memory();
    const predicted = headPredictions(found);
    expect(tf.memory().numTensors).toBe(numTensors);
    const { labels } = found.embeddings();
    const right = predicted.filter((label, i) => label === labels[i]).length;
    // Of two whole batches, so the average over batches is that over images.
    expect(right / labels.length).toBeCloseTo(found.summary.test.accuracy, 6);
    expect(right / labels.length).toBeGreaterThan(0.2);
  });

  it('need a head', async () => {
    const triplets = await trained('batch_all', 1);
    expect(() => headPredictions(triplets)).toThrow('loadHead: a softmax run has a head');
  });
});
