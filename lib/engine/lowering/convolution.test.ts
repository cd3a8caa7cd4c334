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
): Case {
  return {
    name: `conv2d of [${image}], filter ${height}x${width}, strides ${strides}, padding ${JSON.stringify(padding)}`,
    inputs: { x: normal(...image), filter: normal(height, width, image[3], 4) },
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
  // More channels than the filter gradient stacks into one product.
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
