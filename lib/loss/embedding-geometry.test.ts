import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { BATCHES, type Batch } from './batches.test-support';
import { embeddingGeometry } from './embedding-geometry';
import { plainGeometry } from './plain-loops.test-support';
import { randomCase } from './random-cases.test-support';

function geometry({ points, labels }: Batch): Record<string, number> {
  return tf.tidy(() => {
    const found = embeddingGeometry(tf.tensor2d(points), tf.tensor1d(labels, 'int32'));
    return Object.fromEntries(
      Object.entries(found).map(([name, value]) => [name, (value as tf.Scalar).dataSync()[0]]),
    );
  });
}

/** Float32 distances of points that lie close together but far from the origin lose digits. */
function expectSame(found: Record<string, number>, expected: Record<string, number>): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) {
    const allowed = 1e-5 * Math.max(1, value, expected.meanNorm);
    expect(Math.abs(found[name] - value), name).toBeLessThanOrEqual(allowed);
  }
}

describe('embeddingGeometry', () => {
  it.each(Object.entries(BATCHES))('is what plain loops give: %s', (_, batch) => {
    expectSame(geometry(batch), plainGeometry(batch.points, batch.labels));
  });

  it('is what plain loops give on batches of any size, scale and number of classes', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { batch } = randomCase(seed);
      expectSame(geometry(batch), plainGeometry(batch.points, batch.labels));
    }
  });

  it('is known for a square with a class on either side', () => {
    const points = [
      [0, 0],
      [0, 3],
      [4, 0],
      [4, 3],
    ];
    expect(geometry({ points, labels: [7, 7, 2, 2] })).toEqual({
      meanNorm: (0 + 3 + 4 + 5) / 4,
      betweenClassDistance: 4.5,
      withinClassDistance: 3,
      hardestPositive: 3,
      hardestNegative: 4,
    });
  });

  it('leaves out of the hardest positive the anchors that have none', () => {
    const { hardestPositive } = geometry({ points: [[0], [2], [9]], labels: [0, 0, 1] });
    expect(hardestPositive).toBe(2);
  });

  it.each<[string, Batch, Record<string, number>]>([
    [
      'one class',
      { points: [[1], [3]], labels: [4, 4] },
      { betweenClassDistance: 0, hardestNegative: 0, withinClassDistance: 2, hardestPositive: 2 },
    ],
    [
      'no positives',
      { points: [[1], [3]], labels: [4, 5] },
      { betweenClassDistance: 2, hardestNegative: 2, withinClassDistance: 0, hardestPositive: 0 },
    ],
    [
      'one item',
      { points: [[-3]], labels: [0] },
      { betweenClassDistance: 0, hardestNegative: 0, withinClassDistance: 0, hardestPositive: 0 },
    ],
  ])('is 0 where there is nothing to average: %s', (_, batch, expected) => {
    expect(geometry(batch)).toMatchObject(expected);
  });

  it('shows NaN embeddings', () => {
    for (const value of Object.values(geometry({ points: [[NaN], [1]], labels: [0, 1] }))) {
      expect(value === 0 || Number.isNaN(value)).toBe(true);
    }
    expect(geometry({ points: [[NaN], [1]], labels: [0, 1] }).meanNorm).toBeNaN();
  });

  it('refuses labels that do not fit', () => {
    expect(() => geometry({ points: [[0], [1]], labels: [0] })).toThrow(
      'embeddingGeometry: embeddings must be [B, d] and labels [B], got [2,1] and [1]',
    );
  });

  it('leaves no tensors behind but its results', () => {
    const [x, y] = [tf.zeros([3, 2]) as tf.Tensor2D, tf.tensor1d([0, 1, 1], 'int32')];
    const before = tf.memory().numTensors;
    tf.dispose({ ...embeddingGeometry(x, y) });
    expect(tf.memory().numTensors).toBe(before);
  });
});
