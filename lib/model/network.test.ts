import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { fashionNetwork } from './fashion-network';
import { L2Normalisation } from './l2-normalisation';
import { mnistNetwork } from './mnist-network';

const NETWORKS = [
  {
    name: 'mnistNetwork',
    build: (seed: number) => mnistNetwork({ seed }),
    // 3x3x1x32 + 32, 3x3x32x64 + 64, (7x7x64)x64 + 64
    layers: [320, 18_496, 200_768],
    dimension: 64,
  },
  {
    name: 'mnistNetwork, 3 blocks',
    build: (seed: number) => mnistNetwork({ seed, blocks: 3 }),
    // ... 3x3x64x128 + 128, (3x3x128)x64 + 64
    layers: [320, 18_496, 73_856, 73_792],
    dimension: 64,
  },
  {
    name: 'mnistNetwork, dimension 2',
    build: (seed: number) => mnistNetwork({ seed, dimension: 2 }),
    layers: [320, 18_496, 6_274],
    dimension: 2,
  },
  {
    name: 'fashionNetwork',
    build: (seed: number) => fashionNetwork({ seed }),
    // 3x3x1x16 + 16, 3x3x16x32 + 32, 3x3x32x64 + 64, 64x64 + 64
    layers: [160, 4_640, 18_496, 4_160],
    dimension: 64,
  },
  {
    name: 'fashionNetwork, dimension 8',
    build: (seed: number) => fashionNetwork({ seed, dimension: 8 }),
    layers: [160, 4_640, 18_496, 520],
    dimension: 8,
  },
];

afterEach(() => tf.disposeVariables());

function values(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}

function embed(model: tf.LayersModel, images: tf.Tensor): number[][] {
  return tf.tidy(() => (model.apply(images) as tf.Tensor2D).arraySync());
}

describe.each(NETWORKS)('$name', ({ build, layers, dimension }) => {
  it('has the parameters of the study', () => {
    const model = build(1);
    const trained = model.layers.filter((layer) => layer.countParams() > 0);
    expect(trained.map((layer) => layer.countParams())).toEqual(layers);
    expect(model.countParams()).toBe(layers.reduce((sum, count) => sum + count));
  });

  it('embeds images one by one, whatever the batch', () => {
    const model = build(1);
    expect(model.outputShape).toEqual([null, dimension]);
    const images = tf.randomUniform([3, 28, 28, 1], 0, 1, 'float32', 7);
    const together = embed(model, images);
    const alone = tf.unstack(images).map((image) => embed(model, image.expandDims(0))[0]);
    expect(together).toHaveLength(3);
    together.flat().forEach((x, i) => expect(x).toBeCloseTo(alone.flat()[i], 5));
  });

  it('starts from the seed: equal for equal seeds, different for different ones', () => {
    expect(values(build(5))).toEqual(values(build(5)));
    expect(values(build(5))[0]).not.toEqual(values(build(6))[0]);
  });

  it('starts with the biases at 0 and the kernels within the Glorot limits', () => {
    const weights = build(3).getWeights();
    for (const weight of weights) {
      const largest = weight.abs().max().dataSync()[0];
      if (weight.rank === 1) {
        expect(largest).toBe(0);
        continue;
      }
      const [inputs, outputs] = weight.shape.slice(-2);
      const cells = weight.size / (inputs * outputs);
      const limit = Math.sqrt(6 / (cells * (inputs + outputs)));
      expect(largest).toBeLessThanOrEqual(limit * (1 + 1e-6));
      expect(largest).toBeGreaterThan(0.9 * limit);
    }
  });

  it('gives no two layers the same numbers', () => {
    const first = build(3)
      .getWeights()
      .filter((weight) => weight.rank > 1)
      .map((weight) => weight.dataSync()[0] * Math.sqrt(weight.size));
    expect(new Set(first.map((x) => x.toFixed(6))).size).toBe(first.length);
  });
});

describe('mnistNetwork', () => {
  it('gives rows of length 1', () => {
    const images = tf.randomUniform([4, 28, 28, 1], 0, 1, 'float32', 7);
    for (const row of embed(mnistNetwork({ seed: 2 }), images)) {
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    }
  });
});

describe('fashionNetwork', () => {
  it('does not normalise: twice the pixels, twice the embedding', () => {
    const model = fashionNetwork({ seed: 2 });
    const images = tf.randomUniform([2, 28, 28, 1], 0, 1, 'float32', 7) as tf.Tensor4D;
    const [once, twice] = [images, images.mul(2)].map((batch) => embed(model, batch).flat());
    twice.forEach((x, i) => expect(x).toBeCloseTo(2 * once[i], 4));
  });
});

describe('L2Normalisation', () => {
  const normalise = (rows: number[][]): number[][] =>
    (new L2Normalisation({}).apply(tf.tensor2d(rows)) as tf.Tensor2D).arraySync();

  it('divides every row by its length, and by no less than 1e-5', () => {
    const [first, second, zero, tiny] = normalise([
      [3, 4],
      [-2, 0],
      [0, 0],
      [1e-6, 0],
    ]);
    expect(first[0]).toBeCloseTo(0.6, 6);
    expect(first[1]).toBeCloseTo(0.8, 6);
    expect(second).toEqual([-1, 0]);
    expect(zero).toEqual([0, 0]);
    expect(tiny[0]).toBeCloseTo(0.1, 5);
  });

  it('has a finite gradient at 0', () => {
    const layer = new L2Normalisation({});
    const gradient = tf.grad((x) => layer.apply(x) as tf.Tensor)(tf.zeros([2, 3]));
    expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
  });
});
