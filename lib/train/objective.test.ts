import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile } from '../engine/compile';
import { BATCHES, type Batch } from '../loss/batches.test-support';
import { plainBatchAll, plainBatchHard, plainSemiHard } from '../loss/plain-loops.test-support';
import { objective, STRATEGIES, type ObjectiveOptions } from './objective';

describe('objective', () => {
  const embeddings = [
    [0, 1],
    [2, 0],
    [1, 1],
    [3, 3],
  ];
  const evaluate = (options: Parameters<typeof objective>[0]): number =>
    tf.tidy(
      () =>
        objective(options)(
          tf.tensor2d(embeddings),
          tf.tensor1d([0, 0, 1, 1], 'int32'),
        ).loss.dataSync()[0],
    );

  it('passes the settings on', () => {
    const found = STRATEGIES.flatMap((strategy) =>
      [0.5, 3].flatMap((margin) =>
        [true, false].map((squared) => evaluate({ strategy, margin, squared })),
      ),
    );
    expect(new Set(found).size).toBe(found.length);
    expect(evaluate({ strategy: 'batch_hard', margin: 'soft', squared: false })).toBeGreaterThan(0);
  });

  it.each(['batch_all', 'semi_hard'] as const)("refuses margin 'soft' with %s", (strategy) => {
    expect(() => objective({ strategy, margin: 'soft', squared: false })).toThrow(
      new RangeError(`objective: margin 'soft' goes with batch_hard, got ${strategy}`),
    );
  });
});

/** The loss and its gradient by the embeddings, compiled. */
async function compiled({ points, labels }: Batch, options: ObjectiveOptions): Promise<number[][]> {
  const loss = objective(options);
  const step = await compile(
    ({ x, y }) => {
      const of = (embeddings: tf.Tensor): tf.Scalar =>
        loss(embeddings as tf.Tensor2D, y as tf.Tensor1D).loss;
      return { loss: of(x), gradient: tf.grad(of)(x) };
    },
    {
      inputs: {
        x: { shape: [points.length, points[0].length], dtype: 'float32' },
        y: { shape: [labels.length], dtype: 'int32' },
      },
    },
  );
  const results = await step.run({
    x: Float32Array.from(points.flat()),
    y: Int32Array.from(labels),
  });
  await step.dispose();
  return [[...results.loss.data], [...results.gradient.data]];
}

describe.each(Object.entries(BATCHES))('objective, compiled: %s', (_, batch) => {
  it.each([
    { strategy: 'batch_all', plain: plainBatchAll, squared: false },
    { strategy: 'batch_all', plain: plainBatchAll, squared: true },
    { strategy: 'semi_hard', plain: plainSemiHard, squared: false },
    { strategy: 'semi_hard', plain: plainSemiHard, squared: true },
  ] as const)(
    '$strategy is what plain loops give (squared $squared)',
    async ({ strategy, plain, squared }) => {
      const options = { margin: 1, squared };
      const expected = plain(batch.points, batch.labels, options).loss;
      const [[loss], gradient] = await compiled(batch, { strategy, ...options });
      expect(loss).toBeCloseTo(expected, 4);
      expect(gradient.every(Number.isFinite)).toBe(true);
    },
  );

  it.each([1, 'soft'] as const)(
    'batch_hard is what plain loops give (margin %s)',
    async (margin) => {
      for (const squared of [true, false]) {
        const options = { margin, squared };
        const expected = plainBatchHard(batch.points, batch.labels, options).loss;
        const [[loss], gradient] = await compiled(batch, { strategy: 'batch_hard', ...options });
        expect(loss).toBeCloseTo(expected, 4);
        expect(gradient.every(Number.isFinite)).toBe(true);
      }
    },
  );
});
