import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile } from '../engine/compile';
import { BATCHES, randomBatch, type Batch } from '../loss/batches.test-support';
import {
  plainBatchAll,
  plainBatchHard,
  plainSemiHard,
  plainSoftmax,
} from '../loss/plain-loops.test-support';
import { objective, type ObjectiveOptions } from './objective';
import { STRATEGIES } from './strategies';

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
    const triplets = STRATEGIES.filter((strategy) => strategy !== 'softmax');
    const found = triplets.flatMap((strategy) =>
      [0.5, 3].flatMap((margin) =>
        [true, false].map((squared) => evaluate({ strategy, margin, squared })),
      ),
    );
    expect(new Set(found).size).toBe(found.length);
    expect(evaluate({ strategy: 'batch_hard', margin: 'soft', squared: false })).toBeGreaterThan(0);
  });

  it.each(['batch_all', 'semi_hard', 'softmax'] as const)(
    "refuses margin 'soft' with %s",
    (strategy) => {
      expect(() => objective({ strategy, margin: 'soft', squared: false })).toThrow(
        new RangeError(`objective: margin 'soft' goes with batch_hard, got ${strategy}`),
      );
    },
  );
});

describe('objective: softmax', () => {
  const softmax = objective({ strategy: 'softmax', margin: 0.5, squared: false });

  it('is a loss of the logits, not of the embeddings', () => {
    tf.tidy(() => {
      const labels = tf.tensor1d([1, 0], 'int32');
      const logits = tf.tensor2d([
        [0, 1],
        [0, 2],
      ]);
      const found = softmax(tf.tensor2d([[NaN], [NaN]]), labels, logits);
      expect(Object.keys(found)).toEqual(['loss', 'accuracy']);
      expect(found.loss.dataSync()[0]).toBeCloseTo(
        (Math.log(1 + 1 / Math.E) + Math.log(1 + Math.E ** 2)) / 2,
        6,
      );
      expect(found.accuracy.dataSync()[0]).toBe(0.5);
    });
  });

  it('says that it needs a head', () => {
    expect(() => softmax(tf.zeros([2, 3]), tf.tensor1d([0, 1], 'int32'))).toThrow(
      'objective: softmax needs the logits of a head, got none',
    );
  });
});

/** The loss and its gradient by the embeddings, compiled; for softmax these are also the logits. */
async function compiled({ points, labels }: Batch, options: ObjectiveOptions): Promise<number[][]> {
  const loss = objective(options);
  const step = await compile(
    ({ x, y }) => {
      const of = (embeddings: tf.Tensor): tf.Scalar =>
        loss(embeddings as tf.Tensor2D, y as tf.Tensor1D, embeddings as tf.Tensor2D).loss;
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

describe('objective, compiled: softmax', () => {
  it.each([
    { size: 1, classes: 10, scale: 1 },
    { size: 64, classes: 10, scale: 1 },
    { size: 64, classes: 10, scale: 1000 },
    { size: 17, classes: 3, scale: 0.01 },
  ])('is what plain loops give: $size of $classes classes, times $scale', async (of) => {
    const { points, labels } = randomBatch(of.size, of.size, of.classes, of.classes);
    const logits = points.map((row) => row.map((z) => Math.fround(z * of.scale)));
    const expected = plainSoftmax(logits, labels);
    const [[loss], gradient] = await compiled(
      { points: logits, labels },
      { strategy: 'softmax', margin: 1, squared: false },
    );
    expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-5);
    gradient.forEach((g, i) => expect(g).toBeCloseTo(expected.gradient.flat()[i], 6));
  });
});
