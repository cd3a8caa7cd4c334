import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { BATCHES, onSphere, randomBatch, type Batch } from './batches.test-support';
import {
  plainGradient,
  plainSemiHard,
  type PlainLoss,
  type Points,
} from './plain-loops.test-support';
import { semiHardLoss } from './semi-hard';
import type { TripletLossOptions } from './triplet-loss';

function semiHard({ points, labels }: Batch, options: TripletLossOptions): PlainLoss {
  return tf.tidy(() => {
    const result = semiHardLoss(tf.tensor2d(points), tf.tensor1d(labels, 'int32'), options);
    return {
      loss: result.loss.dataSync()[0],
      fractionPositive: result.fractionPositive.dataSync()[0],
    };
  });
}

function gradient({ points, labels }: Batch, options: TripletLossOptions): Points {
  return tf.tidy(() => {
    const loss = (x: tf.Tensor): tf.Scalar =>
      semiHardLoss(x as tf.Tensor2D, tf.tensor1d(labels, 'int32'), options).loss;
    return tf.grad(loss)(tf.tensor2d(points)).arraySync() as Points;
  });
}

const OPTIONS = [0.5, 1, 3].flatMap((margin) =>
  [true, false].map((squared) => ({ margin, squared })),
);

describe.each(Object.entries(BATCHES))('semiHardLoss: %s', (_, batch) => {
  it.each(OPTIONS)('is the mean over semi-hard triplets: %o', (options) => {
    const expected = plainSemiHard(batch.points, batch.labels, options);
    const found = semiHard(batch, options);
    expect(found.loss).toBeCloseTo(expected.loss, 4);
    expect(found.fractionPositive).toBeCloseTo(expected.fractionPositive, 6);
  });

  it.each(OPTIONS)('has finite gradients: %o', (options) => {
    expect(gradient(batch, options).flat().every(Number.isFinite)).toBe(true);
  });
});

describe('semiHardLoss: gradient', () => {
  it.each([1, 2, 8, 64].flatMap((d) => OPTIONS.map((options) => ({ d, ...options }))))(
    'is what finite differences give: %o',
    ({ d, ...options }) => {
      const batch = randomBatch(60 + d, 9, d);
      const loss = (points: Points): number => plainSemiHard(points, batch.labels, options).loss;
      const expected = plainGradient(loss, batch.points).flat();
      gradient(batch, options)
        .flat()
        .forEach((g, i) => expect(g).toBeCloseTo(expected[i], 3));
    },
  );

  // On a line: anchor 0 and positive 1 of class 0, the negative at `at`. Worked out by hand, with
  // d(0,1) = 1 and margin 1; the triplets are (0, 1, n) and (1, 0, n), with the negative at the
  // distances `at` and `at` - 1.
  it.each([
    { at: 0.5, loss: 0, fraction: 0, expected: [0, 0, 0] },
    // As far as the positive, so not farther: hard, not semi-hard.
    { at: 1, loss: 0, fraction: 0, expected: [0, 0, 0] },
    { at: 1.5, loss: 0.5, fraction: 0.5, expected: [0, 1, -1] },
    // Exactly on the margin from 0, exactly as far as the positive from 1.
    { at: 2, loss: 0, fraction: 0, expected: [0, 0, 0] },
    { at: 2.5, loss: 0.5, fraction: 0.5, expected: [-1, 2, -1] },
    { at: 3, loss: 0, fraction: 0, expected: [0, 0, 0] },
  ])('is known for a negative at $at', ({ at, loss, fraction, expected }) => {
    const batch = { points: [[0], [1], [at]], labels: [0, 0, 1] };
    expect(semiHard(batch, { margin: 1 })).toEqual({ loss, fractionPositive: fraction });
    gradient(batch, { margin: 1 }).forEach(([g], i) => expect(g).toBeCloseTo(expected[i], 6));
  });
});

describe('semiHardLoss', () => {
  it.each([
    'a single class',
    'all classes different',
    'one item',
    'two items of two classes',
    'all zero',
    'all at one point',
  ])('is 0, and so is its fraction, without a semi-hard triplet: %s', (name) => {
    for (const options of OPTIONS) {
      expect(semiHard(BATCHES[name], options)).toEqual({ loss: 0, fractionPositive: 0 });
      expect(gradient(BATCHES[name], options).flat()).toSatisfy((g: number[]) =>
        g.every((x) => x === 0),
      );
    }
  });

  it('stays between 0 and the margin', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { points, labels } = randomBatch(seed, 20, 8, 4);
      const { loss, fractionPositive } = semiHard(
        { points: onSphere(points), labels },
        { margin: 0.3 },
      );
      expect(loss).toBeGreaterThan(0);
      expect(loss).toBeLessThan(0.3);
      expect(fractionPositive).toBeLessThan(1);
    }
  });

  it('has no triplet where distances are so large that adding the margin changes nothing', () => {
    // Neighbouring float32 numbers near 1e8 are 8 apart; the distances are 1e8 or 0.
    const batch = { points: [[0], [1e4], [1e4], [-1e4]], labels: [0, 0, 1, 1] };
    expect(semiHard(batch, { margin: 0.5, squared: true })).toEqual({
      loss: 0,
      fractionPositive: 0,
    });
    expect(gradient(batch, { margin: 0.5, squared: true }).flat()).toEqual([0, 0, 0, 0]);
  });

  it.each([0, -1, NaN, Infinity, 'soft'])('refuses the margin %o', (margin) => {
    expect(() => semiHard(BATCHES['one item'], { margin: margin as number })).toThrow(
      new RangeError(`semiHardLoss: margin must be > 0, got ${margin}`),
    );
  });

  it('refuses as many labels as do not fit', () => {
    expect(() =>
      semiHardLoss(tf.zeros([3, 2]), tf.zeros([4]) as tf.Tensor1D, { margin: 1 }),
    ).toThrow(
      new RangeError('semiHardLoss: embeddings must be [B, d] and labels [B], got [3,2] and [4]'),
    );
  });

  it('leaves no tensors behind but its results', () => {
    const { points, labels } = BATCHES['random, d = 2'];
    const [x, y] = [tf.tensor2d(points), tf.tensor1d(labels, 'int32')];
    const before = tf.memory().numTensors;
    tf.dispose({ ...semiHardLoss(x, y, { margin: 1 }) });
    tf.grad((given) => semiHardLoss(given as tf.Tensor2D, y, { margin: 1 }).loss)(x).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
