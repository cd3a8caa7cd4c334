import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { randomBatch, tiedBatch } from './batches.test-support';
import { plainSoftmax } from './plain-loops.test-support';
import { softmaxLoss } from './softmax';

interface Case {
  logits: number[][];
  labels: number[];
}

function evaluate({ logits, labels }: Case): {
  loss: number;
  accuracy: number;
  gradient: number[][];
} {
  return tf.tidy(() => {
    const of = (z: tf.Tensor): ReturnType<typeof softmaxLoss> =>
      softmaxLoss(z as tf.Tensor2D, tf.tensor1d(labels, 'int32'));
    const z = tf.tensor2d(logits);
    return {
      loss: of(z).loss.dataSync()[0],
      accuracy: of(z).accuracy.dataSync()[0],
      gradient: tf
        .grad((x: tf.Tensor) => of(x).loss)(z)
        .arraySync() as number[][],
    };
  });
}

function random(seed: number, size: number, classes: number, scale = 1): Case {
  const { points, labels } = randomBatch(seed, size, classes, classes);
  return { logits: points.map((row) => row.map((z) => Math.fround(z * scale))), labels };
}

const tied = tiedBatch(3, 12, 4, 4);

const CASES: Record<string, Case> = {
  'ten classes': random(1, 64, 10),
  'two classes': random(2, 7, 2),
  'one item': random(3, 1, 10),
  'equal logits': { logits: tied.points.map((row) => row.map(() => 2)), labels: tied.labels },
  'tied logits': { logits: tied.points, labels: tied.labels },
  'large logits, whose exponentials overflow': random(4, 16, 10, 1000),
  'tiny logits': random(5, 16, 10, 1e-6),
  'logits all far below 0': {
    logits: [
      [-5000, -5001],
      [-9000, -100],
    ],
    labels: [0, 0],
  },
};

describe.each(Object.entries(CASES))('softmaxLoss: %s', (_, batch) => {
  it('is the mean cross-entropy, its gradient (softmax - onehot) / B', () => {
    const expected = plainSoftmax(batch.logits, batch.labels);
    const found = evaluate(batch);
    expect(Math.abs(found.loss - expected.loss)).toBeLessThanOrEqual(1e-6 + 1e-6 * expected.loss);
    expect(found.accuracy).toBeCloseTo(expected.accuracy, 6);
    found.gradient.flat().forEach((g, i) => expect(g).toBeCloseTo(expected.gradient.flat()[i], 6));
  });
});

describe('softmaxLoss', () => {
  it('is ln 10 where nothing is known about ten classes', () => {
    const labels = [0, 4, 9];
    expect(
      evaluate({ logits: labels.map(() => Array<number>(10).fill(0)), labels }).loss,
    ).toBeCloseTo(Math.log(10), 6);
  });

  it('does not change when a number is added to all logits of an item', () => {
    const { logits, labels } = random(6, 9, 5);
    const shifted = logits.map((row, i) => row.map((z) => Math.fround(z + 8 * i)));
    expect(evaluate({ logits: shifted, labels }).loss).toBeCloseTo(
      evaluate({ logits, labels }).loss,
      5,
    );
  });

  const zeros = (shape: number[]): tf.Tensor => tf.zeros(shape);
  it.each([
    [[4, 10], [3]],
    [[4], [4]],
    [
      [4, 10],
      [4, 1],
    ],
  ])('refuses the shapes %o with %o', (logits, labels) => {
    expect(() => softmaxLoss(zeros(logits) as tf.Tensor2D, zeros(labels) as tf.Tensor1D)).toThrow(
      new RangeError(
        `softmaxLoss: logits must be [B, classes] and labels [B], got [${logits}] and [${labels}]`,
      ),
    );
  });

  it('refuses a single class, of which everybody is sure', () => {
    expect(() => evaluate({ logits: [[3], [-2]], labels: [0, 0] })).toThrow(
      new RangeError('softmaxLoss: classes must be >= 2, got 1'),
    );
  });

  it('leaves no tensors behind but its results', () => {
    const [z, y] = [tf.zeros([4, 3]) as tf.Tensor2D, tf.tensor1d([0, 1, 2, 0], 'int32')];
    const before = tf.memory().numTensors;
    tf.dispose({ ...softmaxLoss(z, y) });
    expect(tf.memory().numTensors).toBe(before);
  });
});
