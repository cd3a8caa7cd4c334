import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batchAllLoss } from '../loss/batch-all';
import { randomBatch } from '../loss/batches.test-support';
import { denseBatchAllLoss } from '../loss/dense-batch-all';
import { denseSemiHardLoss } from '../loss/dense-semi-hard';
import { plainBatchAll, plainSemiHard } from '../loss/plain-loops.test-support';
import { randomCase } from '../loss/random-cases.test-support';
import { semiHardLoss } from '../loss/semi-hard';
import type { TripletLossOptions } from '../loss/triplet-loss';
import { compile } from './compile';
import type { CompiledStep, TensorRecord } from './step';

const DIMENSION = 8;

/** A loss, its fraction and its gradient, beside those of its dense form. */
function bothForms(
  size: number,
  options: TripletLossOptions,
  losses: { sorted: typeof batchAllLoss; dense: typeof batchAllLoss },
): Promise<CompiledStep> {
  const inputs = {
    x: { shape: [size, DIMENSION], dtype: 'float32' as const },
    y: { shape: [size], dtype: 'int32' as const },
  };
  return compile(
    ({ x, y }) => {
      const results: TensorRecord = {};
      for (const [name, loss] of Object.entries(losses)) {
        const of = (at: tf.Tensor): ReturnType<typeof loss> =>
          loss(at as tf.Tensor2D, y as tf.Tensor1D, options);
        const { value, grad } = tf.valueAndGrad((at: tf.Tensor) => of(at).loss)(x);
        results[`${name} loss`] = value;
        results[`${name} gradient`] = grad;
        results[`${name} fraction`] = of(x).fractionPositive;
      }
      return results;
    },
    { inputs },
  );
}

describe.each([
  { name: 'batchAllLoss', sorted: batchAllLoss, dense: denseBatchAllLoss },
  { name: 'semiHardLoss', sorted: semiHardLoss, dense: denseSemiHardLoss },
])('$name and its dense form, compiled', (losses) => {
  const SIZES = [1, 2, 3, 5, 16, 33, 64, 70];
  it.each(SIZES.flatMap((size) => [0.5, 2].map((margin) => ({ size, margin }))))(
    'agree on random batches of $size, margin $margin',
    async ({ size, margin }) => {
      for (const squared of [true, false]) {
        const { sorted, dense } = losses;
        const step = await bothForms(size, { margin, squared }, { sorted, dense });
        for (let seed = 0; seed < 20; seed++) {
          const { points, labels } = randomCase(seed, size, DIMENSION).batch;
          const results = await step.run({
            x: Float32Array.from(points.flat()),
            y: Int32Array.from(labels),
          });
          // onnxruntime adds the dense form's 70^3 terms one by one, which costs it digits.
          for (const [part, tolerance] of [
            ['loss', 3e-5],
            ['gradient', 1e-5],
            ['fraction', 1e-6],
          ] as const) {
            const expected = Array.from(results[`dense ${part}`].data);
            const found = results[`sorted ${part}`].data;
            const errors = expected.map((value, i) => Math.abs(value - found[i]));
            const allowed = tolerance * Math.max(...expected.map(Math.abs));
            expect(Math.max(...errors), `${part} of case ${seed}`).toBeLessThanOrEqual(allowed);
          }
        }
        await step.dispose();
      }
    },
  );
});

describe.each([
  { name: 'batchAllLoss', loss: batchAllLoss, plain: plainBatchAll },
  { name: 'semiHardLoss', loss: semiHardLoss, plain: plainSemiHard },
])('$name, compiled, of 512 items', ({ loss, plain }) => {
  it.each([1, 0.001])('is what plain loops give, points times %d', async (scale) => {
    const { points, labels } = randomBatch(5, 512, DIMENSION, 10);
    const scaled = points.map((point) => point.map((x) => Math.fround(x * scale)));
    const options = { margin: 1, squared: false };
    const step = await compile(
      ({ x, y }) => ({ ...loss(x as tf.Tensor2D, y as tf.Tensor1D, options) }),
      {
        inputs: {
          x: { shape: [512, DIMENSION], dtype: 'float32' },
          y: { shape: [512], dtype: 'int32' },
        },
      },
    );
    const found = await step.run({
      x: Float32Array.from(scaled.flat()),
      y: Int32Array.from(labels),
    });
    await step.dispose();
    const expected = plain(scaled, labels, options);
    expect(Math.abs(found.loss.data[0] / expected.loss - 1)).toBeLessThan(1e-5);
    expect(found.fractionPositive.data[0]).toBeCloseTo(expected.fractionPositive, 5);
  });
});
