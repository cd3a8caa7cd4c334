import * as tf from '@tensorflow/tfjs';
import { randomInteger, seededRandom, type Random } from '../data/random';
import { L2Normalisation } from '../model/l2-normalisation';

type Image = tf.SymbolicTensor;
type Layer = tf.layers.Layer;

type Initializer = ReturnType<typeof tf.initializers.randomUniform>;

interface Initial {
  kernelInitializer: Initializer;
  biasInitializer: Initializer;
}

/** Draws layers, and applies them to images as it goes. */
type Block = (x: Image, draw: Draw) => Image;

/** Choices from one seeded generator, initial weights included. */
interface Draw {
  random: Random;
  one: <T>(options: readonly T[]) => T;
  initial: () => Initial;
  bias: () => Initializer;
}

export function choose<T>(random: Random, options: readonly T[]): T {
  return options[randomInteger(random, options.length)];
}

function drawing(random: Random): Draw {
  const seed = (): number => 1 + randomInteger(random, 1e6);
  const bias = (): Initializer =>
    tf.initializers.randomUniform({ minval: -0.2, maxval: 0.2, seed: seed() });
  return {
    random,
    one: (options) => choose(random, options),
    bias,
    initial: () => ({
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed() }),
      biasInitializer: bias(),
    }),
  };
}

function through(x: Image, ...layers: Layer[]): Image {
  return layers.reduce((y, layer) => layer.apply(y) as Image, x);
}

const ACTIVATIONS: (() => Layer)[] = [
  ...(['relu', 'relu6', 'elu', 'selu', 'sigmoid', 'tanh'] as const),
  ...(['softplus', 'softsign', 'hardSigmoid', 'swish', 'softmax'] as const),
]
  .map((activation) => () => tf.layers.activation({ activation }) as Layer)
  .concat([
    () => tf.layers.leakyReLU({ alpha: 0.1 }),
    () =>
      tf.layers.prelu({
        sharedAxes: [1, 2],
        alphaInitializer: tf.initializers.constant({ value: 0.2 }),
      }),
  ]);

function convolution(x: Image, draw: Draw, filters = 2 + randomInteger(draw.random, 3)): Image {
  return through(
    x,
    tf.layers.conv2d({
      filters,
      kernelSize: draw.one([1, 3, 5, [2, 3]]) as number,
      strides: draw.one([1, 1, 2, [1, 2]]) as number,
      padding: fits(x, 5) ? draw.one(['same', 'valid']) : 'same',
      activation: draw.one(['linear', 'relu', 'tanh'] as const),
      useBias: draw.random() < 0.7,
      ...draw.initial(),
    }),
  );
}

/** Leaves the size and the number of channels as they are. */
function keepingShape(x: Image, { initial }: Draw, kernelSize: number): Image {
  const filters = x.shape[3]!;
  return through(x, tf.layers.conv2d({ filters, kernelSize, padding: 'same', ...initial() }));
}

function fits({ shape }: Image, size: number): boolean {
  return shape[1]! >= size && shape[2]! >= size;
}

const depthwise: Block = (x, { one, random, initial, bias }) => {
  const common = {
    kernelSize: one([1, 3, [3, 2]]) as number,
    strides: one([1, 2]),
    padding: fits(x, 3) ? one(['same', 'valid'] as const) : ('same' as const),
    depthMultiplier: one([1, 2]),
    useBias: random() < 0.7,
    biasInitializer: bias(),
    depthwiseInitializer: initial().kernelInitializer,
  };
  return through(
    x,
    random() < 0.5
      ? tf.layers.depthwiseConv2d(common)
      : tf.layers.separableConv2d({
          ...common,
          filters: 3,
          pointwiseInitializer: initial().kernelInitializer,
        }),
  );
};

const pooling: Block = (x, { one, random }) => {
  const poolSize = one([2, 3]);
  const windows = {
    poolSize,
    strides: one([1, 2, 3]),
    padding: fits(x, poolSize) ? one(['same', 'valid'] as const) : ('same' as const),
  };
  const kind = random() < 0.6 ? tf.layers.maxPooling2d : tf.layers.averagePooling2d;
  return through(x, kind(windows));
};

const residual: Block = (x, draw) => {
  const inner = draw.random() < 0.5 ? activation(keepingShape(x, draw, 3), draw) : x;
  return tf.layers.add().apply([x, keepingShape(inner, draw, draw.one([1, 3]))]) as Image;
};

const branches: Block = (x, draw) => {
  const pooled = through(x, tf.layers.maxPooling2d({ poolSize: 3, strides: 1, padding: 'same' }));
  const parts = [keepingShape(x, draw, 1), keepingShape(x, draw, 3), pooled];
  return tf.layers.concatenate().apply(parts.slice(0, 2 + randomInteger(draw.random, 2))) as Image;
};

const normalised: Block = (x, { random, bias }) =>
  through(
    x,
    random() < 0.7
      ? tf.layers.batchNormalization({ momentum: 0.8, betaInitializer: bias() })
      : tf.layers.layerNormalization({ axis: [1, 2, 3], betaInitializer: bias() }),
  );

const activation: Block = (x, { one }) => through(x, one(ACTIVATIONS)());

const padding: Block = (x, { one }) => {
  const sides = (): [number, number] => [one([0, 1, 2]), one([0, 1])];
  return through(x, tf.layers.zeroPadding2d({ padding: [sides(), sides()] }));
};

const upsampling: Block = (x, { one }) =>
  fits(x, 7) ? x : through(x, tf.layers.upSampling2d({ size: [one([1, 2]), one([2, 3])] }));

const BLOCKS: Block[] = [
  convolution,
  convolution,
  depthwise,
  pooling,
  pooling,
  residual,
  branches,
  normalised,
  normalised,
  activation,
  padding,
  upsampling,
];

/** Only in front, where no gradient passes: tfjs has none for dilated convolutions. */
const dilatedStem: Block = (x, { initial }) =>
  through(
    x,
    tf.layers.conv2d({
      filters: 3,
      kernelSize: 3,
      dilationRate: 2,
      padding: 'same',
      trainable: false,
      ...initial(),
    }),
  );

function head(x: Image, draw: Draw, outputs: number): Image {
  const { one, random, initial, bias } = draw;
  let y = through(
    x,
    one([
      () => tf.layers.flatten(),
      () => tf.layers.globalAveragePooling2d({}),
      () => tf.layers.globalMaxPooling2d({}),
    ])(),
  );
  if (random() < 0.5) {
    y = through(y, tf.layers.dense({ units: 6, activation: 'elu', ...initial() }));
  }
  if (random() < 0.3) y = through(y, tf.layers.batchNormalization({ betaInitializer: bias() }));
  return through(y, tf.layers.dense({ units: outputs, ...initial() }));
}

/** A small network drawn at random: blocks of all kinds, then a dense layer of `outputs` units. */
export function randomNetwork(seed: number, outputs: number, unitLength: boolean): tf.LayersModel {
  const draw = drawing(seededRandom(seed));
  const side = (): number => 5 + randomInteger(draw.random, 8);
  const input = tf.input({ shape: [side(), side(), draw.one([1, 2, 3])] });
  let x = draw.random() < 0.2 ? dilatedStem(input, draw) : convolution(input, draw);
  const depth = 2 + randomInteger(draw.random, 4);
  for (let i = 0; i < depth; i++) x = draw.one(BLOCKS)(x, draw);
  const y = head(x, draw, outputs);
  return tf.model({ inputs: input, outputs: unitLength ? through(y, new L2Normalisation()) : y });
}

/** The network in one line. */
export function describeNetwork(model: tf.LayersModel): string {
  return model.layers
    .map((layer) => `${layer.getClassName()} [${(layer.outputShape as number[]).slice(1)}]`)
    .join(', ');
}
