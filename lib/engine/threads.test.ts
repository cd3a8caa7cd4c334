import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { randomInteger, seededRandom } from '../data/random';
import { batchAllLoss } from '../loss/batch-all';
import { mnistNetwork } from '../model/mnist-network';
import { compile } from './compile';
import type { Step } from './step';

const BATCH = 32;
const random = seededRandom(1);
const FEEDS = {
  images: Float32Array.from({ length: BATCH * 784 }, random),
  labels: Int32Array.from({ length: BATCH }, () => randomInteger(random, 5)),
};

it('gives the same loss and gradients on two threads as on one', async () => {
  await tf.setBackend('cpu');
  const model = mnistNetwork({ seed: 1 });
  const step: Step = ({ images, labels }) => {
    const { value, grads } = tf.variableGrads(() => {
      const embeddings = model.apply(images, { training: true }) as tf.Tensor2D;
      return batchAllLoss(embeddings, labels as tf.Tensor1D, { margin: 0.5 }).loss as tf.Scalar;
    });
    return { loss: value, ...grads };
  };
  const inputs = {
    images: { shape: [BATCH, 28, 28, 1], dtype: 'float32' as const },
    labels: { shape: [BATCH], dtype: 'int32' as const },
  };
  const results = [];
  for (const threads of [1, 2]) {
    const compiled = await compile(step, { inputs }, { threads });
    results.push(await compiled.run(FEEDS));
    await compiled.dispose();
  }
  const [one, two] = results;
  expect(Object.keys(one)).toHaveLength(1 + model.trainableWeights.length);
  for (const [name, { data }] of Object.entries(one)) {
    const [values, others] = [Array.from(data), Array.from(two[name].data)];
    const largest = Math.max(...values.slice(0, 1000).map(Math.abs));
    const difference = values.reduce((most, x, i) => Math.max(most, Math.abs(x - others[i])), 0);
    expect(largest, name).toBeGreaterThan(0);
    expect(difference, name).toBeLessThanOrEqual(1e-6 * Math.max(1, largest));
  }
  model.dispose();
});
