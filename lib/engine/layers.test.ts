import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { dropoutMask } from '../data/dropout-mask';
import { seededRandom } from '../data/random';
import { compile } from './compile';
import { differences, integers, named, normal, type Case } from './lowering/parity.test-support';
import type { InputType } from './step';

type Layer = tf.layers.Layer;

const { layers } = tf;

/** Layers by the shape of what they are tried on. */
const ON_VECTORS: Record<string, () => Layer> = {
  ...Object.fromEntries(
    (
      [
        ...['relu', 'relu6', 'elu', 'selu', 'sigmoid', 'tanh', 'softplus', 'softsign'],
        ...['hardSigmoid', 'softmax', 'logSoftmax', 'gelu', 'gelu_new', 'swish', 'mish', 'linear'],
      ] as 'relu'[]
    ).map((activation) => [`activation ${activation}`, () => layers.activation({ activation })]),
  ),
  leakyReLU: () => layers.leakyReLU(),
  prelu: () => layers.prelu({ alphaInitializer: initial(1) }),
  elu: () => layers.elu(),
  softmax: () => layers.softmax(),
  'reLU up to 1': () => layers.reLU({ maxValue: 1 }),
  dense: () => layers.dense({ units: 3, ...kernelAndBias() }),
  'dense with an activation': () =>
    layers.dense({ units: 3, activation: 'sigmoid', ...kernelAndBias() }),
  repeatVector: () => layers.repeatVector({ n: 3 }),
  'batchNormalization, inference': () => layers.batchNormalization(affine()),
  dropout: () => layers.dropout({ rate: 0.5 }),
  gaussianNoise: () => layers.gaussianNoise({ stddev: 1 }),
  gaussianDropout: () => layers.gaussianDropout({ rate: 0.5 }),
  alphaDropout: () => layers.alphaDropout({ rate: 0.5 }),
};

const ON_SEQUENCES: Record<string, () => Layer> = {
  conv1d: () => layers.conv1d({ filters: 4, kernelSize: 3, ...kernelAndBias() }),
  maxPooling1d: () => layers.maxPooling1d({ poolSize: 2 }),
  averagePooling1d: () => layers.averagePooling1d({ poolSize: 2 }),
  globalMaxPooling1d: () => layers.globalMaxPooling1d(),
  globalAveragePooling1d: () => layers.globalAveragePooling1d(),
  layerNormalization: () => layers.layerNormalization(affine()),
  permute: () => layers.permute({ dims: [2, 1] }),
  reshape: () => layers.reshape({ targetShape: [2, -1] }),
  flatten: () => layers.flatten(),
  timeDistributed: () =>
    layers.timeDistributed({ layer: layers.dense({ units: 3, ...kernelAndBias() }) }),
  lstm: () => layers.lstm(recurrent()),
  gru: () => layers.gru(recurrent()),
  simpleRNN: () => layers.simpleRNN({ ...recurrent(), returnSequences: true }),
  bidirectional: () =>
    layers.bidirectional({ layer: layers.lstm(recurrent()) as tf.RNN, mergeMode: 'concat' }),
};

const ON_IMAGES: Record<string, () => Layer> = {
  conv2d: () => layers.conv2d({ filters: 4, kernelSize: 3, ...kernelAndBias() }),
  'conv2dTranspose, strides 2': () =>
    layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, ...kernelAndBias() }),
  'depthwiseConv2d, 2 per channel': () =>
    layers.depthwiseConv2d({
      kernelSize: 3,
      depthMultiplier: 2,
      depthwiseInitializer: initial(1),
      biasInitializer: initial(2),
    }),
  'separableConv2d, strides 2, with an activation': () =>
    layers.separableConv2d({
      filters: 4,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
      depthwiseInitializer: initial(1),
      pointwiseInitializer: initial(2),
      biasInitializer: initial(3),
    }),
  globalMaxPooling2d: () => layers.globalMaxPooling2d({}),
  globalAveragePooling2d: () => layers.globalAveragePooling2d({}),
  zeroPadding2d: () =>
    layers.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 1],
      ],
    }),
  cropping2D: () =>
    layers.cropping2D({
      cropping: [
        [1, 1],
        [1, 0],
      ],
    }),
  'prelu, one slope per channel': () =>
    layers.prelu({ sharedAxes: [1, 2], alphaInitializer: initial(1) }),
  'batchNormalization, inference': () => layers.batchNormalization(affine()),
  layerNormalization: () => layers.layerNormalization({ axis: [1, 2, 3], ...affine() }),
};

/** Layers of two inputs. */
const ON_PAIRS: Record<string, () => Layer> = {
  add: () => layers.add(),
  multiply: () => layers.multiply(),
  average: () => layers.average(),
  maximum: () => layers.maximum(),
  minimum: () => layers.minimum(),
  concatenate: () => layers.concatenate(),
  dot: () => layers.dot({ axes: -1 }),
};

type Initializer = ReturnType<typeof tf.initializers.randomUniform>;

function initial(seed: number): Initializer {
  return tf.initializers.randomUniform({ minval: -1, maxval: 1, seed });
}

function kernelAndBias(): Record<'kernelInitializer' | 'biasInitializer', Initializer> {
  return { kernelInitializer: initial(1), biasInitializer: initial(2) };
}

function affine(): Record<'gammaInitializer' | 'betaInitializer', Initializer> {
  return { gammaInitializer: initial(1), betaInitializer: initial(2) };
}

function recurrent(): { units: number } & Record<string, unknown> {
  return { units: 3, ...kernelAndBias(), recurrentInitializer: initial(3) };
}

/** The values of a layer, and its gradients by its inputs and its weights. */
function cases(table: Record<string, () => Layer>, inputs: Case['inputs']): Case[] {
  return Object.entries(table).map(([name, make]) => {
    const layer = make();
    const types = Object.values(inputs).map(({ type }) => type);
    const symbols = types.map(({ shape, dtype }) => tf.input({ shape: shape.slice(1), dtype }));
    // Its weights are made now: a trace makes none.
    layer.apply(symbols.length === 1 ? symbols[0] : symbols);
    const weights = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const apply = (given: tf.Tensor[]): tf.Tensor =>
      layer.apply(given.length === 1 ? given[0] : given) as tf.Tensor;
    const weighed = (...given: tf.Tensor[]): tf.Scalar => {
      const y = apply(given);
      return tf.range(0, y.size).cos().reshape(y.shape).mul(y).sum();
    };
    return {
      name,
      inputs,
      f: (record) => {
        const given: tf.Tensor[] = Object.values(record);
        const byInputs = types[0].dtype === 'float32' ? tf.grads(weighed)(given) : [];
        if (weights.length === 0) return [apply(given), ...byInputs];
        const { grads } = tf.variableGrads(() => weighed(...given), weights);
        return [apply(given), ...byInputs, ...Object.values(grads)];
      },
      gradients: false,
    };
  });
}

describe('the layers of tfjs, compiled and eager', () => {
  afterAll(() => tf.disposeVariables());

  it.each(
    named([
      ...cases(ON_VECTORS, { x: normal(4, 5) }),
      ...cases(ON_SEQUENCES, { x: normal(2, 6, 5) }),
      ...cases(ON_IMAGES, { x: normal(2, 7, 6, 3) }),
      ...cases(ON_PAIRS, { a: normal(2, 4, 5), b: normal(2, 4, 5) }),
      // One image: the gradient of tfjs's cpu backend goes wrong from the second on.
      ...cases(
        { upSampling2d: () => layers.upSampling2d({ size: [2, 3] }) },
        { x: normal(1, 3, 3, 2) },
      ),
      ...cases(
        { embedding: () => layers.embedding({ inputDim: 9, outputDim: 3 }) },
        { x: integers([2, 4], 0, 9) },
      ),
    ]),
  )('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it.each(['softmaxCrossEntropy', 'sigmoidCrossEntropy', 'meanSquaredError', 'huberLoss'] as const)(
    'the loss %s, from sparse labels',
    async (loss) => {
      const example: Case = {
        name: loss,
        inputs: { y: normal(6, 4), labels: integers([6], 0, 4) },
        f: ({ y, labels }) => tf.losses[loss](tf.oneHot(labels, 4), y),
      };
      expect(await differences(example)).toEqual([]);
    },
  );

  it('counts right answers by argMax', async () => {
    const example: Case = {
      name: 'accuracy',
      inputs: { y: normal(20, 4), labels: integers([20], 0, 4) },
      f: ({ y, labels }) => tf.argMax(y, -1).equal(labels).cast('float32').mean(),
      gradients: false,
    };
    expect(await differences(example)).toEqual([]);
  });

  it('trains with dropout when the mask comes from outside', async () => {
    const drop = (x: tf.Tensor, mask: tf.Tensor): tf.Tensor => x.square().mul(mask);
    const type: InputType = { shape: [2, 50], dtype: 'float32' };
    const step = await compile(
      ({ x, mask }) => ({ dx: tf.grad((given) => drop(given, mask).sum())(x) }),
      { inputs: { x: type, mask: type } },
    );
    const random = seededRandom(5);
    const x = Float32Array.from({ length: 100 }, random);
    for (let run = 0; run < 2; run++) {
      const mask = dropoutMask([2, 50], 0.5, random);
      const { dx } = await step.run({ x, mask });
      expect([...dx.data]).toEqual([...x].map((value, i) => 2 * value * mask[i]));
    }
    await step.dispose();
  });

  it('trains a batch normalisation, whose moving averages are variables of the step', async () => {
    const layer = layers.batchNormalization({ momentum: 0.5 });
    layer.apply(tf.input({ shape: [1] }));
    const [movingMean, movingVariance] = layer.nonTrainableWeights.map(
      (weight) => weight.read() as tf.Variable,
    );
    const step = await compile(
      ({ x }) => ({ y: layer.apply(x, { training: true }) as tf.Tensor }),
      {
        inputs: { x: { shape: [4, 1], dtype: 'float32' } },
        variables: { movingMean, movingVariance },
      },
    );
    const { y } = await step.run({ x: Float32Array.of(1, 1, 5, 5) });
    await step.run({ x: Float32Array.of(1, 1, 5, 5) });
    step.readVariables();
    const deviations = Array.from(y.data, (value) => value * Math.sqrt(4 + 1e-3));
    expect(deviations.map((value) => Math.round(value * 1e4) / 1e4)).toEqual([-2, -2, 2, 2]);
    // From 0 and 1, twice half way to the batch's mean 3 and variance 4.
    expect(movingMean.dataSync()[0]).toBeCloseTo(2.25);
    expect(movingVariance.dataSync()[0]).toBeCloseTo(3.25);
    await step.dispose();
  });
});
