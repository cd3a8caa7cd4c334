import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { compile } from '../engine/compile';
import { BATCHES, randomBatch } from '../loss/batches.test-support';
import { plainBatchHard, plainGeometry } from '../loss/plain-loops.test-support';
import { lossAndGradients } from './gradients';
import { objective, type Objective } from './objective';
import { STRATEGIES } from './strategies';
import { withGeometry } from './with-geometry';

afterEach(() => tf.disposeVariables());

const NAMES = [
  'meanNorm',
  'betweenClassDistance',
  'withinClassDistance',
  'hardestPositive',
  'hardestNegative',
];

describe.each(STRATEGIES)('withGeometry, compiled: %s', (strategy) => {
  const plain = objective({ strategy, margin: 1, squared: true });

  it.each(Object.entries(BATCHES).filter(([, { points }]) => points[0].length > 1))(
    'reports what plain loops give, beside the loss: %s',
    async (_, { points, labels }) => {
      const step = await compile(
        ({ x, y }) => {
          const [embeddings, classes] = [x as tf.Tensor2D, y as tf.Tensor1D];
          const own = plain(embeddings, classes, embeddings);
          return { ...withGeometry(plain)(embeddings, classes, embeddings), plain: own.loss };
        },
        {
          inputs: {
            x: { shape: [points.length, points[0].length], dtype: 'float32' },
            y: { shape: [points.length], dtype: 'int32' },
          },
        },
      );
      const found = await step.run({
        x: Float32Array.from(points.flat()),
        y: Int32Array.from(labels),
      });
      await step.dispose();
      expect(found.loss.data).toEqual(found.plain.data);
      const expected = plainGeometry(points, labels);
      expect(Object.keys(found)).toEqual(expect.arrayContaining(NAMES));
      for (const name of NAMES) expect(found[name].data[0], name).toBeCloseTo(expected[name], 4);
    },
  );

  it('changes no gradient', () => {
    const { points, labels } = randomBatch(1, 12, 4);
    const gradient = (of: Objective): number[] =>
      tf.tidy(() => {
        const x = tf.variable(tf.tensor2d(points));
        const y = tf.tensor1d(labels, 'int32');
        const embeddings = x as tf.Tensor as tf.Tensor2D;
        const { gradients } = lossAndGradients(() => of(embeddings, y, embeddings), { x });
        return [...gradients.x.dataSync()];
      });
    expect(gradient(withGeometry(plain))).toEqual(gradient(plain));
  });
});

describe('withGeometry', () => {
  it("agrees with batch_hard's own figures where every anchor has a positive and a negative", () => {
    const { points } = randomBatch(2, 12, 3);
    const labels = points.map((_, i) => i % 3);
    const { hardestPositive, hardestNegative } = plainBatchHard(points, labels, {
      margin: 1,
      squared: false,
    });
    const geometry = plainGeometry(points, labels);
    expect(geometry.hardestPositive).toBeCloseTo(hardestPositive, 10);
    expect(geometry.hardestNegative).toBeCloseTo(hardestNegative, 10);
  });
});
