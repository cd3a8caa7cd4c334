import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batchAllLoss } from './batch-all';
import { denseBatchAllLoss } from './dense-batch-all';
import { denseSemiHardLoss } from './dense-semi-hard';
import { randomCase, type RandomCase } from './random-cases.test-support';
import { semiHardLoss } from './semi-hard';

const PAIRS = [
  { name: 'batchAllLoss', sorted: batchAllLoss, dense: denseBatchAllLoss },
  { name: 'semiHardLoss', sorted: semiHardLoss, dense: denseSemiHardLoss },
];

function evaluate(
  loss: typeof batchAllLoss,
  { batch: { points, labels }, options }: RandomCase,
): { loss: number; fractionPositive: number; gradient: Float32Array } {
  return tf.tidy(() => {
    const [x, y] = [tf.tensor2d(points), tf.tensor1d(labels, 'int32')];
    let fractionPositive = NaN;
    const { value, grad } = tf.valueAndGrad((at) => {
      const result = loss(at as tf.Tensor2D, y, options);
      fractionPositive = result.fractionPositive.dataSync()[0];
      return result.loss;
    })(x);
    return {
      loss: value.dataSync()[0],
      fractionPositive,
      gradient: grad.dataSync<'float32'>(),
    };
  });
}

describe.each(PAIRS)('$name and its dense form', ({ sorted, dense }) => {
  it.each(Array.from({ length: 30 }, (_, i) => i))('agree on twenty random batches: %i', (i) => {
    for (let seed = 20 * i; seed < 20 * i + 20; seed++) {
      const example = randomCase(seed);
      const [found, expected] = [evaluate(sorted, example), evaluate(dense, example)];
      const near = (x: number, y: number, tolerance: number): void =>
        expect(Math.abs(x - y), `case ${seed}`).toBeLessThanOrEqual(tolerance);
      near(found.loss, expected.loss, 1e-5 * expected.loss);
      near(found.fractionPositive, expected.fractionPositive, 1e-7);
      const errors = expected.gradient.map((g, k) => Math.abs(g - found.gradient[k]));
      const largest = Math.max(...expected.gradient.map(Math.abs));
      near(Math.max(...errors), 0, 1e-5 * largest);
    }
  });
});
