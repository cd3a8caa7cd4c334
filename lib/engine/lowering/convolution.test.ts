import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { CONVOLUTION } from './convolution';
import { differences, loweredKernels, named, normal, type Case } from './parity.test-support';

type Padding = Parameters<typeof tf.conv2d>[3];
type Strides = number | [number, number];

const IMAGES: [number, number, number, number][] = [
  [2, 7, 6, 2],
  [1, 8, 8, 3],
  [3, 5, 9, 1],
];

const PADDINGS: Padding[] = [
  'same',
  'valid',
  1,
  [
    [0, 0],
    [1, 2],
    [0, 1],
    [0, 0],
  ],
];

const STRIDES: Strides[] = [1, 2, 3, [1, 2]];

function convolution(
  image: number[],
  [height, width]: [number, number],
  strides: Strides,
  padding: Padding,
  channels = 4,
): Case {
  return {
    name: `conv2d of [${image}], filter ${height}x${width}x${channels}, strides ${strides}, padding ${JSON.stringify(padding)}`,
    inputs: { x: normal(...image), filter: normal(height, width, image[3], channels) },
    // A whole-number padding needs to know what becomes of a rest.
    f: ({ x, filter }) =>
      tf.conv2d(
        x,
        filter,
        strides,
        padding,
        'NHWC',
        1,
        typeof padding === 'number' ? 'floor' : undefined,
      ),
  };
}

const CASES: Case[] = [
  ...IMAGES.flatMap((image) =>
    STRIDES.flatMap((strides) =>
      // tfjs takes a whole-number padding to mean equal strides.
      PADDINGS.filter((padding) => padding !== 1 || !Array.isArray(strides)).flatMap((padding) =>
        ([1, 3, 5] as const).map((size) => convolution(image, [size, size], strides, padding)),
      ),
    ),
  ),
  convolution([2, 7, 6, 2], [2, 3], 1, 'same'),
  convolution([2, 7, 6, 2], [3, 2], 2, 'valid'),
  convolution([2, 6, 6, 2], [2, 2], 2, 'same'),
  // Enough channels to be unfolded cell by cell.
  convolution([2, 6, 6, 20], [3, 3], 1, 'same'),
  convolution([2, 7, 7, 20], [3, 3], 2, 'valid'),
  {
    name: 'dilated conv2d (tfjs has no gradient)',
    inputs: { x: normal(2, 9, 8, 2), filter: normal(3, 3, 2, 4) },
    f: ({ x, filter }) => [
      tf.conv2d(x, filter, 1, 'same', 'NHWC', 2),
      tf.conv2d(x, filter, 1, 'valid', 'NHWC', [2, 3]),
    ],
    gradients: false,
  },
  {
    name: 'conv2d of a single image',
    inputs: { x: normal(6, 6, 2), filter: normal(3, 3, 2, 4) },
    f: ({ x, filter }) => tf.conv2d(x, filter, 2, 'same'),
  },
  {
    name: 'conv1d',
    inputs: { x: normal(2, 9, 3), filter: normal(3, 3, 4) },
    f: ({ x, filter }) => tf.conv1d(x, filter, 2, 'same'),
  },
  ...(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const).map((activation) => ({
    name: `fused conv2d with bias and ${activation}`,
    inputs: { x: normal(2, 6, 5, 2), filter: normal(3, 3, 2, 4), bias: normal(4) },
    f: ({ x, filter, bias }: Record<string, never>) =>
      tf.fused.conv2d({
        x,
        filter,
        bias,
        strides: 2,
        pad: 'same',
        activation,
        leakyreluAlpha: 0.3,
      }),
  })),
  {
    name: 'fused conv2d without bias',
    inputs: { x: normal(2, 6, 5, 2), filter: normal(3, 3, 2, 4) },
    f: ({ x, filter }) =>
      tf.fused.conv2d({ x, filter, strides: 1, pad: 'valid', activation: 'relu' }),
  },
  ...(['same', 'valid'] as const).flatMap((padding) =>
    ([1, 2] as const).map((stride) => ({
      name: `conv2dTranspose, stride ${stride}, ${padding}`,
      inputs: { x: normal(2, 4, 3, 3), filter: normal(3, 3, 2, 3) },
      f: ({ x, filter }: Record<string, never>) => {
        const size = (n: number): number =>
          padding === 'same' ? n * stride : (n - 1) * stride + 3;
        return tf.conv2dTranspose(x, filter, [2, size(4), size(3), 2], stride, padding);
      },
    })),
  ),
];

/** Whole blocks of channels, which onnxruntime's own convolutions want. */
const IN_BLOCKS: Case[] = [
  ...([1, 2, [1, 2]] as const).flatMap((strides) =>
    PADDINGS.filter((padding) => padding !== 1 || !Array.isArray(strides)).flatMap((padding) =>
      ([1, 3] as const).map((size) =>
        convolution([2, 7, 6, 16], [size, size], strides as Strides, padding, 32),
      ),
    ),
  ),
  convolution([1, 6, 7, 48], [2, 3], 1, 'same', 16),
  convolution([1, 6, 7, 32], [4, 5], 1, 'same', 16),
  {
    name: 'dilated, in blocks (tfjs has no gradient)',
    inputs: { x: normal(2, 9, 8, 16), filter: normal(3, 3, 16, 32) },
    f: ({ x, filter }) => tf.conv2d(x, filter, 1, 'same', 'NHWC', [2, 3]),
    gradients: false,
  },
  {
    name: 'a bias and a rectification, both also used otherwise',
    inputs: { x: normal(2, 6, 5, 16), filter: normal(3, 3, 16, 32), bias: normal(32) },
    f: ({ x, filter, bias }) => {
      const y = tf.conv2d(x, filter, 1, 'same');
      const sum = tf.add(bias, y);
      return [tf.relu(sum), tf.sub(sum, 1), tf.mul(y, 2), tf.relu(y), tf.add(y, sum)];
    },
  },
  {
    name: 'a bias twice, and one that is no bias',
    inputs: { x: normal(2, 6, 16, 16), filter: normal(3, 3, 16, 16), bias: normal(16) },
    f: ({ x, filter, bias }) => {
      const y = tf.conv2d(x, filter, 1, 'same');
      const column = tf.reshape(bias, [1, 1, 16, 1]);
      return [tf.relu(tf.add(tf.add(y, bias), bias)), tf.add(y, column), tf.add(tf.relu(y), bias)];
    },
  },
  {
    name: 'two convolutions in a row',
    inputs: { x: normal(2, 8, 7, 16), first: normal(3, 3, 16, 32), second: normal(3, 3, 32, 16) },
    f: ({ x, first, second }) =>
      tf.conv2d(tf.relu(tf.conv2d(x, first, 1, 'same')), second, 2, 'valid'),
  },
];

describe('convolutions by ONNX operators alone', () => {
  it.each(named([...CASES, ...IN_BLOCKS]))('%s', async (_, example) => {
    expect(await differences(example, { portable: true })).toEqual([]);
  });
});

describe('convolutions in blocks of channels', () => {
  it.each(named(IN_BLOCKS))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });
});

describe('convolutions, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('are all among these cases', () => {
    expect(Object.keys(CONVOLUTION).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });

  it('must have the channels last', async () => {
    await expect(
      differences({
        name: '',
        inputs: { x: normal(1, 2, 6, 6), filter: normal(3, 3, 2, 4) },
        f: ({ x, filter }) => tf.conv2d(x, filter, 1, 'same', 'NCHW'),
      }),
    ).rejects.toThrow('compile: convolutions must be NHWC, got NCHW');
  });
});
