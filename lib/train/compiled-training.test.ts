import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { randomInteger, randomNormal, seededRandom, type Random } from '../data/random';
import { compile } from '../engine/compile';
import type { Engine } from '../engine/engines';
import { adam } from './adam';
import { lossAndGradients } from './gradients';
import { namedWeights } from './trainer';

const NETWORKS = 30;
const STEPS = 5;
const BATCH = 4;
const OUTPUTS = 3;

afterEach(() => tf.disposeVariables());

function choose<T>(random: Random, options: readonly T[]): T {
  return options[randomInteger(random, options.length)];
}

type Activation = 'relu' | 'elu' | 'sigmoid' | 'tanh' | 'linear' | 'relu6';
const ACTIVATIONS: Activation[] = ['relu', 'relu', 'elu', 'sigmoid', 'tanh', 'linear', 'relu6'];

/** A small network drawn at random: convolutions and pooling of any kind, then dense layers. */
function randomNetwork(seed: number, activations: Activation[]): tf.Sequential {
  const random = seededRandom(seed);
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const activation = (): Activation => choose(random, activations);
  const size = (): number => 6 + randomInteger(random, 4);
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [size(), size(), choose(random, [1, 2, 3])] }));
  for (let block = 0; block < 1 + randomInteger(random, 2); block++) {
    model.add(
      tf.layers.conv2d({
        filters: 2 + randomInteger(random, 4),
        kernelSize: choose(random, [1, 3, [2, 3], 5]) as number,
        strides: choose(random, [1, 1, 2, [1, 2]]) as number,
        padding: 'same',
        activation: activation(),
        useBias: random() < 0.8,
        kernelInitializer,
      }),
    );
    const [poolSize, strides] = choose(random, [
      [2, 2],
      [2, 2],
      [3, 2],
      [2, 1],
      [3, 1],
    ] as const);
    const pooling = {
      poolSize,
      strides,
      padding: choose(random, ['same', 'same', 'valid'] as const),
    };
    const [, height, width] = model.outputShape as number[];
    if (height >= 3 && width >= 3) {
      model.add(
        random() < 0.6 ? tf.layers.maxPooling2d(pooling) : tf.layers.averagePooling2d(pooling),
      );
    }
  }
  model.add(random() < 0.7 ? tf.layers.flatten() : tf.layers.globalAveragePooling2d({}));
  if (random() < 0.5)
    model.add(tf.layers.dense({ units: 6, activation: activation(), kernelInitializer }));
  model.add(tf.layers.dense({ units: OUTPUTS, kernelInitializer }));
  return model;
}

/** The weights after some steps of Adam on a least squares problem drawn from the seed. */
async function train(
  seed: number,
  engine: Engine,
  activations: Activation[],
): Promise<Record<string, Float32Array>> {
  const model = randomNetwork(seed, activations);
  const parameters = namedWeights(model);
  const optimiser = adam(parameters, { learningRate: 0.01 });
  const shape = [BATCH, ...(model.inputs[0].shape.slice(1) as number[])];
  const step = await compile(
    ({ x, y }) => {
      const { outputs, gradients } = lossAndGradients(
        () => ({ loss: (model.apply(x) as tf.Tensor).sub(y).square().mean() as tf.Scalar }),
        parameters,
      );
      optimiser.apply(gradients);
      return outputs;
    },
    {
      inputs: { x: { shape, dtype: 'float32' }, y: { shape: [BATCH, OUTPUTS], dtype: 'float32' } },
      variables: { ...parameters, ...optimiser.variables },
    },
    { engine },
  );
  const random = seededRandom(seed, 1);
  const draw = (length: number): Float32Array =>
    Float32Array.from({ length }, () => randomNormal(random));
  for (let i = 0; i < STEPS; i++) {
    await step.run({ x: draw(tf.util.sizeFromShape(shape)), y: draw(BATCH * OUTPUTS) });
  }
  step.readVariables();
  await step.dispose();
  return Object.fromEntries(
    Object.entries(parameters).map(([name, weight]) => [
      name,
      weight.dataSync<'float32'>().slice(),
    ]),
  );
}

const seeds = Array.from({ length: NETWORKS }, (_, seed) => seed);

describe.each([
  { engine: 'compiled', tried: seeds, activations: ACTIVATIONS },
  // In tfjs's wasm backend maxPool has no gradient where a window has nothing above 0: it is right
  // only after a ReLU.
  { engine: 'wasm', tried: seeds.slice(0, 10), activations: ['relu'] },
] satisfies { engine: Engine; tried: number[]; activations: Activation[] }[])(
  'training on the engine $engine and on cpu',
  ({ engine, tried, activations }) => {
    it.each(tried)('end with the same weights: random network %i', async (seed) => {
      const found = await train(seed, engine, activations);
      const expected = await train(seed, 'cpu', activations);
      expect(Object.keys(found)).toEqual(Object.keys(expected));
      for (const [name, weights] of Object.entries(expected)) {
        const scale = Math.max(...weights.map(Math.abs));
        const errors = weights.map((w, i) => Math.abs(found[name][i] - w));
        expect(Math.max(...errors), `${name} (up to ${scale})`).toBeLessThan(1e-4 * scale);
      }
    });
  },
);
