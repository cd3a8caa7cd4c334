import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomNormal, seededRandom } from '../data/random';
import { compile } from '../engine/compile';
import { batchAllLoss } from '../loss/batch-all';
import { batchHardLoss } from '../loss/batch-hard';
import { adam } from './adam';
import { lossAndGradients } from './gradients';
import { mendNearestGradient } from './nearest-gradient.test-support';
import { choose, describeNetwork, randomNetwork } from './random-networks.test-support';

const NETWORKS = 60;
const STEPS = 5;
const LEARNING_RATE = 0.01;
const LABELS = Int32Array.of(0, 0, 1, 1, 2, 2);
const OUTPUTS = 3;

beforeAll(mendNearestGradient);
afterEach(() => tf.disposeVariables());

/** An objective drawn at random: our losses of the network's outputs. */
const LOSSES: Record<string, (y: tf.Tensor2D, labels: tf.Tensor1D) => tf.Scalar> = {
  'batch all': (y, labels) => batchAllLoss(y, labels, { margin: 0.5, squared: false }).loss,
  'batch all, squared': (y, labels) => batchAllLoss(y, labels, { margin: 1, squared: true }).loss,
  'batch hard': (y, labels) => batchHardLoss(y, labels, { margin: 0.5, squared: false }).loss,
  'batch hard, soft': (y, labels) =>
    batchHardLoss(y, labels, { margin: 'soft', squared: false }).loss,
  'softmax cross-entropy': (y, labels) =>
    tf.losses.softmaxCrossEntropy(tf.oneHot(labels, OUTPUTS), y),
};

interface Trained {
  network: string;
  weights: Record<string, Float32Array>;
}

async function train(seed: number, engine: 'compiled' | 'cpu'): Promise<Trained> {
  const random = seededRandom(seed, 1);
  const loss = choose(random, Object.keys(LOSSES));
  const model = randomNetwork(seed, OUTPUTS, random() < 0.5);
  const named = (weights: tf.layers.Layer['weights']): Record<string, tf.Variable> =>
    Object.fromEntries(
      weights.map((weight, i) => [`${i} ${weight.originalName}`, weight.read() as tf.Variable]),
    );
  const parameters = named(model.trainableWeights);
  // Adam divides a gradient by its size: with the usual epsilon, one that is 0 but for rounding (that
  // of a bias before a normalisation) would move its weight as far as any other.
  const optimiser = adam(parameters, { learningRate: LEARNING_RATE, epsilon: 0.01 });
  const all = named(model.weights);
  const shape = [LABELS.length, ...(model.inputs[0].shape.slice(1) as number[])];
  const step = await compile(
    ({ x, labels }) => {
      const { outputs, gradients } = lossAndGradients(() => {
        const y = model.apply(x, { training: true }) as tf.Tensor2D;
        return { loss: LOSSES[loss](y, labels as tf.Tensor1D) };
      }, parameters);
      optimiser.apply(gradients);
      return outputs;
    },
    {
      inputs: {
        x: { shape, dtype: 'float32' },
        labels: { shape: [LABELS.length], dtype: 'int32' },
      },
      variables: { ...all, ...optimiser.variables },
    },
    { engine },
  );
  const numbers = (): Float32Array =>
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => randomNormal(random));
  for (let i = 0; i < STEPS; i++) await step.run({ x: numbers(), labels: LABELS });
  step.readVariables();
  await step.dispose();
  return {
    network: `${loss}: ${describeNetwork(model)}`,
    weights: Object.fromEntries(
      Object.entries(all).map(([name, weight]) => [name, weight.dataSync<'float32'>().slice()]),
    ),
  };
}

describe('random networks, trained compiled and trained eagerly', () => {
  const seeds = Array.from({ length: NETWORKS }, (_, seed) => seed);

  it.each(seeds)('end with the same weights: seed %i', async (seed) => {
    const compiled = await train(seed, 'compiled');
    const eager = await train(seed, 'cpu');
    const weights = Object.values(compiled.weights);
    Object.entries(eager.weights).forEach(([name, expected], k) => {
      // Weights near 0 are compared with the length of five steps, the farthest they can have moved.
      const scale = Math.max(STEPS * LEARNING_RATE, ...expected.map(Math.abs));
      const errors = expected.map((w, i) => Math.abs(weights[k][i] - w));
      const place = `seed ${seed}, ${name}, weights up to ${scale}, of ${eager.network}`;
      expect(Math.max(...errors), place).toBeLessThan(1e-4 * scale);
    });
  });
});
