import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batchAllLoss } from './batch-all';
import { BATCHES, onSphere, randomBatch, type Batch } from './batches.test-support';
import {
  plainBatchAll,
  plainGradient,
  type PlainLoss,
  type Points,
} from './plain-loops.test-support';
import type { TripletLossOptions } from './triplet-loss';

function batchAll({ points, labels }: Batch, options: TripletLossOptions): PlainLoss {
  return tf.tidy(() => {
    const result = batchAllLoss(tf.tensor2d(points), tf.tensor1d(labels, 'int32'), options);
    return {
      loss: result.loss.dataSync()[0],
      fractionPositive: result.fractionPositive.dataSync()[0],
    };
  });
}

function gradient({ points, labels }: Batch, options: TripletLossOptions): Points {
  return tf.tidy(() => {
    const loss = (x: tf.Tensor): tf.Scalar =>
      batchAllLoss(x as tf.Tensor2D, tf.tensor1d(labels, 'int32'), options).loss;
    return tf.grad(loss)(tf.tensor2d(points)).arraySync() as Points;
  });
}

const OPTIONS = [0.5, 1, 3].flatMap((margin) =>
  [true, false].map((squared) => ({ margin, squared })),
);

describe.each(Object.entries(BATCHES))('batchAllLoss: %s', (_, batch) => {
  it.each(OPTIONS)('is the mean over violating triplets: %o', (options) => {
    const expected = plainBatchAll(batch.points, batch.labels, options);
    const found = batchAll(batch, options);
    expect(found.loss).toBeCloseTo(expected.loss, 4);
    expect(found.fractionPositive).toBeCloseTo(expected.fractionPositive, 6);
  });

  it.each(OPTIONS)('has finite gradients: %o', (options) => {
    expect(gradient(batch, options).flat().every(Number.isFinite)).toBe(true);
  });
});

describe('batchAllLoss: gradient', () => {
  it.each([1, 2, 8, 64].flatMap((d) => OPTIONS.map((options) => ({ d, ...options }))))(
    'is what finite differences give: %o',
    ({ d, ...options }) => {
      const batch = randomBatch(20 + d, 9, d);
      const loss = (points: Points): number => plainBatchAll(points, batch.labels, options).loss;
      const expected = plainGradient(loss, batch.points).flat();
      gradient(batch, options)
        .flat()
        .forEach((g, i) => expect(g).toBeCloseTo(expected[i], 3));
    },
  );

  // On a line: anchor 0 and positive 1 of class 0, the negative at `at`. Worked out by hand, with
  // d(0,1) = 1 and margin 1; the triplets are (0, 1, n) and (1, 0, n).
  it.each([
    { at: 1.5, loss: (0.5 + 1.5) / 2, fraction: 1, expected: [-0.5, 1.5, -1] },
    // Exactly on the margin, 1 - 2 + 1 = 0: satisfied, so it counts nowhere.
    { at: 2, loss: 1, fraction: 0.5, expected: [-1, 2, -1] },
    { at: 2.5, loss: 0.5, fraction: 0.5, expected: [-1, 2, -1] },
    { at: 4, loss: 0, fraction: 0, expected: [0, 0, 0] },
  ])('is known for a negative at $at', ({ at, loss, fraction, expected }) => {
    const batch = { points: [[0], [1], [at]], labels: [0, 0, 1] };
    expect(batchAll(batch, { margin: 1 })).toEqual({ loss, fractionPositive: fraction });
    expect(gradient(batch, { margin: 1 }).flat()).toEqual(expected);
  });

  it('is 0 for equal points, whatever the margin', () => {
    const { points, labels } = BATCHES['all zero'];
    for (const options of OPTIONS) {
      expect(batchAll({ points, labels }, options)).toEqual({
        loss: options.margin,
        fractionPositive: 1,
      });
      expect(
        gradient({ points, labels }, options)
          .flat()
          .every((g) => g === 0),
      ).toBe(true);
    }
  });
});

describe('batchAllLoss', () => {
  it.each(['a single class', 'all classes different', 'one item', 'two items of two classes'])(
    'is 0, and so is its fraction, without a valid triplet: %s',
    (name) => {
      expect(batchAll(BATCHES[name], { margin: 0.5 })).toEqual({ loss: 0, fractionPositive: 0 });
    },
  );

  it('does not depend on the order of the batch or on the names of the classes', () => {
    const { points, labels } = randomBatch(31, 15, 4);
    const order = [...labels.keys()].reverse();
    const shuffled = {
      points: order.map((i) => points[i]),
      labels: order.map((i) => 200 - 7 * labels[i]),
    };
    const [before, after] = [{ points, labels }, shuffled].map((b) => batchAll(b, { margin: 1 }));
    expect(after.loss).toBeCloseTo(before.loss, 5);
    expect(after.fractionPositive).toBe(before.fractionPositive);
  });

  it('is not squared unless asked for', () => {
    const batch = randomBatch(32, 10, 3);
    expect(batchAll(batch, { margin: 1 })).toEqual(batchAll(batch, { margin: 1, squared: false }));
    expect(batchAll(batch, { margin: 1 })).not.toEqual(
      batchAll(batch, { margin: 1, squared: true }),
    );
  });

  it('never satisfies margin 3 on unit vectors, which are at most 2 apart', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { points, labels } = randomBatch(seed, 20, 8, 4);
      const unit = { points: onSphere(points), labels };
      const { loss, fractionPositive } = batchAll(unit, { margin: 3 });
      expect(fractionPositive).toBe(1);
      expect(loss).toBeGreaterThanOrEqual(1);
    }
  });

  describe('on ten balanced classes at the corners of a simplex', () => {
    // Corner c is e_c - 1/10 scaled to length 1: all corners are sqrt(20/9) apart.
    const simplex = (c: number): number[] =>
      Array.from({ length: 10 }, (_, i) => ((i === c ? 1 : 0) - 0.1) / Math.sqrt(0.9));
    const labels = Array.from({ length: 40 }, (_, i) => i % 10);
    const batch = { points: labels.map(simplex), labels };

    it('is 3 - sqrt(20/9) = 1.509 with margin 3, the least that is possible', () => {
      const { loss, fractionPositive } = batchAll(batch, { margin: 3 });
      expect(loss).toBeCloseTo(3 - Math.sqrt(20 / 9), 5);
      expect(fractionPositive).toBe(1);
      for (let seed = 0; seed < 20; seed++) {
        const points = onSphere(randomBatch(seed, 40, 10).points);
        expect(batchAll({ points, labels }, { margin: 3 }).loss).toBeGreaterThan(loss);
      }
    });

    it('is 0 with margins below sqrt(20/9) = 1.4907 and not above', () => {
      expect(batchAll(batch, { margin: 1.49 })).toEqual({ loss: 0, fractionPositive: 0 });
      expect(batchAll(batch, { margin: 1.492 }).loss).toBeGreaterThan(0);
    });
  });

  it.each([
    [0, '0'],
    [-1, '-1'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    ['soft', 'soft'],
    ['1', '1'],
    [undefined, 'undefined'],
  ])('refuses the margin %o', (margin, shown) => {
    expect(() => batchAll(BATCHES['one item'], { margin: margin as number })).toThrow(
      new RangeError(`batchAllLoss: margin must be > 0, got ${shown}`),
    );
  });

  const zeros = (shape: number[]): tf.Tensor => tf.zeros(shape);
  it.each([
    { embeddings: [3, 2], labels: [4] },
    { embeddings: [3], labels: [3] },
    { embeddings: [3, 2, 1], labels: [3] },
    { embeddings: [3, 2], labels: [3, 1] },
  ])('refuses the shapes $embeddings with $labels', ({ embeddings, labels }) => {
    expect(() =>
      batchAllLoss(zeros(embeddings) as tf.Tensor2D, zeros(labels) as tf.Tensor1D, {
        margin: 1,
      }),
    ).toThrow(
      new RangeError(
        'batchAllLoss: embeddings must be [B, d] and labels [B], ' +
          `got [${embeddings}] and [${labels}]`,
      ),
    );
  });

  it('leaves no tensors behind but its results', () => {
    const { points, labels } = BATCHES['random, d = 2'];
    const [x, y] = [tf.tensor2d(points), tf.tensor1d(labels, 'int32')];
    const before = tf.memory().numTensors;
    tf.dispose({ ...batchAllLoss(x, y, { margin: 1 }) });
    expect(tf.memory().numTensors).toBe(before);
  });
});
