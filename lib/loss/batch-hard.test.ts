import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batchHardLoss, type BatchHardOptions } from './batch-hard';
import { BATCHES, randomBatch, type Batch } from './batches.test-support';
import { plainBatchHard, plainGradient, type Points } from './plain-loops.test-support';

function batchHard(
  { points, labels }: Batch,
  options: BatchHardOptions,
): ReturnType<typeof plainBatchHard> {
  return tf.tidy(() => {
    const result = batchHardLoss(tf.tensor2d(points), tf.tensor1d(labels, 'int32'), options);
    return {
      loss: result.loss.dataSync()[0],
      fractionPositive: result.fractionPositive.dataSync()[0],
      hardestPositive: result.hardestPositive.dataSync()[0],
      hardestNegative: result.hardestNegative.dataSync()[0],
    };
  });
}

function gradient({ points, labels }: Batch, options: BatchHardOptions): Points {
  return tf.tidy(() => {
    const loss = (x: tf.Tensor): tf.Scalar =>
      batchHardLoss(x as tf.Tensor2D, tf.tensor1d(labels, 'int32'), options).loss;
    return tf.grad(loss)(tf.tensor2d(points)).arraySync() as Points;
  });
}

const MARGINS = [0.5, 1, 3, 'soft'] as const;
const OPTIONS = MARGINS.flatMap((margin) => [true, false].map((squared) => ({ margin, squared })));

/** Batches on which the loss has no kink: no distances tie where that matters. */
const SMOOTH: Record<string, Batch> = {
  ...Object.fromEntries([1, 2, 8, 64].map((d) => [`random, d = ${d}`, randomBatch(40 + d, 9, d)])),
  // The nearest negative is also the point that is farthest of all.
  'two items of two classes': BATCHES['two items of two classes'],
  'one far negative': {
    points: [
      [0, 0],
      [1, 0],
      [0.6, 2],
    ],
    labels: [0, 0, 1],
  },
  'a single class': BATCHES['a single class'],
  'all classes different': BATCHES['all classes different'],
};

describe.each(Object.entries(BATCHES))('batchHardLoss: %s', (_, batch) => {
  it.each(OPTIONS)('takes the farthest positive and the nearest negative: %o', (options) => {
    const expected = plainBatchHard(batch.points, batch.labels, options);
    const found = batchHard(batch, options);
    for (const name of ['loss', 'hardestPositive', 'hardestNegative'] as const) {
      expect(found[name], name).toBeCloseTo(expected[name], 4);
    }
    expect(found.fractionPositive).toBeCloseTo(expected.fractionPositive, 6);
  });

  it.each(OPTIONS)('has finite gradients: %o', (options) => {
    expect(gradient(batch, options).flat().every(Number.isFinite)).toBe(true);
  });
});

describe('batchHardLoss: gradient', () => {
  it.each(
    Object.entries(SMOOTH).flatMap(([name, batch]) =>
      OPTIONS.map((options) => ({ name, batch, options })),
    ),
  )('is what finite differences give: $name, $options', ({ batch, options }) => {
    const loss = (points: Points): number => plainBatchHard(points, batch.labels, options).loss;
    const expected = plainGradient(loss, batch.points).flat();
    gradient(batch, options)
      .flat()
      .forEach((g, i) => expect(g).toBeCloseTo(expected[i], 3));
  });

  // tfjs hands the whole gradient of a maximum or minimum to every entry that attains it, where
  // TensorFlow divides it among them. With margin 10 each of the four anchors counts one quarter.
  it('goes in full to every one of several farthest positives', () => {
    const batch = {
      points: [
        [0, 0],
        [1, 0],
        [-1, 0],
        [0, 3],
      ],
      labels: [0, 0, 0, 1],
    };
    const [, right, left] = gradient(batch, { margin: 10 });
    // d(0,1), tied with d(0,2), of the anchor at 0; d(1,2) - d(1,3) of the one at (1, 0); d(2,1).
    expect(right[0]).toBeCloseTo((1 + (1 - 1 / Math.sqrt(10)) + 1) / 4, 5);
    expect(left[0]).toBeCloseTo(-right[0], 6);
  });

  it('goes in full to every one of several nearest negatives', () => {
    const batch = {
      points: [
        [0, 0],
        [2, 0],
        [-2, 0],
        [0, 1],
      ],
      labels: [0, 1, 2, 0],
    };
    const [, right, left] = gradient(batch, { margin: 10 });
    // - d(0,1), tied with d(0,2), of the anchor at 0; - d(1,0); - d(3,1), tied with d(3,2).
    expect(right[0]).toBeCloseTo((-1 - 1 - 2 / Math.sqrt(5)) / 4, 5);
    expect(left[0]).toBeCloseTo(-right[0], 6);
  });

  it('is 0 for equal points: a collapsed network stays so', () => {
    for (const options of OPTIONS) {
      const { loss } = batchHard(BATCHES['all zero'], options);
      expect(loss).toBeCloseTo(options.margin === 'soft' ? Math.log(2) : options.margin, 6);
      expect(
        gradient(BATCHES['all zero'], options)
          .flat()
          .every((g) => g === 0),
      ).toBe(true);
    }
  });

  it('is 0 on a batch of one class, and the loss exactly the margin', () => {
    for (const margin of [0.5, 1, 3]) {
      const { loss, fractionPositive } = batchHard(BATCHES['a single class'], { margin });
      expect(loss).toBeCloseTo(margin, 6);
      expect(fractionPositive).toBe(1);
      for (const g of gradient(BATCHES['a single class'], { margin }).flat()) {
        expect(g).toBeCloseTo(0, 6);
      }
    }
  });
});

describe('batchHardLoss', () => {
  it.each([
    { at: 1.5, loss: (0.5 + 1.5) / 3, fraction: 2 / 3 },
    // Exactly on the margin, 1 - 2 + 1 = 0: the anchor at 0 contributes nothing.
    { at: 2, loss: 1 / 3, fraction: 1 / 3 },
    { at: 4, loss: 0, fraction: 0 },
  ])('is known on a line with a negative at $at', ({ at, loss, fraction }) => {
    // d(0,1) = 1 and margin 1; the negative, as an anchor, has hp = 0 and hn = at - 1.
    const found = batchHard({ points: [[0], [1], [at]], labels: [0, 0, 1] }, { margin: 1 });
    const own = Math.max(0 - (at - 1) + 1, 0) / 3;
    expect(found.loss).toBeCloseTo(loss + own, 6);
    expect(found.fractionPositive).toBeCloseTo(fraction + (own > 0 ? 1 / 3 : 0), 6);
    expect(found.hardestPositive).toBeCloseTo(2 / 3, 6);
  });

  it('counts with the soft margin the anchors whose positive is farther than their negative', () => {
    const batch = { points: [[0], [4], [1], [9]], labels: [0, 0, 1, 1] };
    // hp - hn: 4 - 1, 4 - 3, 8 - 1, 8 - 5.
    expect(batchHard(batch, { margin: 'soft' }).fractionPositive).toBe(1);
    const apart = { points: [[0], [4], [30], [31]], labels: [0, 0, 1, 1] };
    expect(batchHard(apart, { margin: 'soft' }).fractionPositive).toBe(0);
    expect(batchHard(apart, { margin: 'soft' }).loss).toBeGreaterThan(0);
  });

  it('does not overflow with the soft margin', () => {
    const far = { points: [[0], [1000], [1], [999]], labels: [0, 0, 1, 1] };
    const { loss } = batchHard(far, { margin: 'soft', squared: true });
    const expected = plainBatchHard(far.points, far.labels, { margin: 1e-9, squared: true }).loss;
    expect(loss / expected).toBeCloseTo(1, 5);
    expect(gradient(far, { margin: 'soft', squared: true }).flat().every(Number.isFinite)).toBe(
      true,
    );
  });

  it.each([
    [0, '0'],
    [-1, '-1'],
    [NaN, 'NaN'],
    ['hard', 'hard'],
  ])('refuses the margin %o', (margin, shown) => {
    expect(() => batchHard(BATCHES['one item'], { margin: margin as number })).toThrow(
      new RangeError(`batchHardLoss: margin must be > 0 or 'soft', got ${shown}`),
    );
  });

  it('refuses shapes that do not fit together', () => {
    const [x, y] = [tf.zeros([3, 2]) as tf.Tensor2D, tf.zeros([4]) as tf.Tensor1D];
    expect(() => batchHardLoss(x, y, { margin: 1 })).toThrow(
      new RangeError('batchHardLoss: embeddings must be [B, d] and labels [B], got [3,2] and [4]'),
    );
  });
});
