import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { DEPTHWISE_CONVOLUTION } from './depthwise-convolution';
import { differences, loweredKernels, named, normal, type Case } from './parity.test-support';

type Padding = Parameters<typeof tf.depthwiseConv2d>[3];

function depthwise(
  image: number[],
  [height, width]: [number, number],
  multipliers: number,
  strides: number | [number, number],
  padding: Padding,
): Case {
  return {
    name: `depthwiseConv2d of [${image}], filter ${height}x${width}, ${multipliers} per channel, strides ${strides}, padding ${padding}`,
    inputs: { x: normal(...image), filter: normal(height, width, image[3], multipliers) },
    // A whole-number padding needs to know what becomes of a rest.
    f: ({ x, filter }) =>
      tf.depthwiseConv2d(
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
  ...[1, 2].flatMap((multipliers) =>
    ([1, 2, 3] as const).flatMap((strides) =>
      (['same', 'valid', 1] as const).flatMap((padding) =>
        ([1, 3, 5] as const).map((size) =>
          depthwise([2, 7, 6, 3], [size, size], multipliers, strides, padding),
        ),
      ),
    ),
  ),
  depthwise([1, 5, 8, 1], [2, 3], 3, 1, 'same'),
  depthwise([3, 6, 6, 4], [3, 2], 1, 2, 'valid'),
  {
    name: 'dilated depthwiseConv2d (tfjs has no gradient)',
    inputs: { x: normal(2, 9, 8, 2), filter: normal(3, 3, 2, 2) },
    f: ({ x, filter }) => [
      tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', 2),
      tf.depthwiseConv2d(x, filter, 1, 'valid', 'NHWC', [2, 3]),
    ],
    gradients: false,
  },
  {
    name: 'depthwiseConv2d of a single image',
    inputs: { x: normal(6, 6, 2), filter: normal(3, 3, 2, 1) },
    f: ({ x, filter }) => tf.depthwiseConv2d(x, filter, 2, 'same'),
  },
  {
    name: 'separableConv2d',
    inputs: { x: normal(2, 6, 5, 2), filter: normal(3, 3, 2, 2), mixing: normal(1, 1, 4, 3) },
    f: ({ x, filter, mixing }) => tf.separableConv2d(x, filter, mixing, 1, 'same'),
  },
  ...(['linear', 'relu', 'relu6'] as const).map((activation) => ({
    name: `fused depthwiseConv2d with bias and ${activation} (tfjs has no gradient)`,
    inputs: { x: normal(2, 6, 5, 2), filter: normal(3, 3, 2, 2), bias: normal(4) },
    f: ({ x, filter, bias }: Record<string, never>) =>
      tf.fused.depthwiseConv2d({ x, filter, bias, strides: 1, pad: 'same', activation }),
    gradients: false,
  })),
];

describe('depthwise convolutions, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('are all among these cases', () => {
    const missing = Object.keys(DEPTHWISE_CONVOLUTION).filter((kernel) => !kernels.has(kernel));
    expect(missing).toEqual([]);
  });
});
