import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  coarse,
  differences,
  loweredKernels,
  named,
  normal,
  type Case,
} from './parity.test-support';
import { POOLING } from './pooling';

const IMAGES: [number, number, number, number][] = [
  [2, 6, 6, 3],
  [1, 7, 5, 2],
  [3, 4, 8, 1],
];

/** Window size and stride: tiling, overlapping, and leaving gaps. */
const WINDOWS: [number | [number, number], number | [number, number]][] = [
  [2, 2],
  [3, 3],
  [3, 2],
  [2, 1],
  [3, 1],
  [2, 3],
  [1, 1],
  [1, 2],
  [
    [2, 3],
    [2, 1],
  ],
  [
    [3, 2],
    [3, 2],
  ],
];

const PADDINGS = ['same', 'valid', 1] as const;

const POOLS = [
  { name: 'maxPool', pool: tf.maxPool, draw: normal },
  // The windows are full of equal values: which of them receives the gradient has to agree too.
  { name: 'maxPool of ties', pool: tf.maxPool, draw: coarse },
  { name: 'avgPool', pool: tf.avgPool, draw: normal },
];

const CASES: Case[] = [
  ...POOLS.flatMap(({ name, pool, draw }) =>
    IMAGES.flatMap((image) =>
      WINDOWS.flatMap(([size, stride]) =>
        // tfjs takes a whole-number padding to mean a square window and equal strides.
        PADDINGS.filter((padding) => padding !== 1 || Number(size) > 1).map((padding) => ({
          name: `${name} of [${image}], window ${size}, stride ${stride}, padding ${padding}`,
          inputs: { x: draw(...image) },
          f: ({ x }: Record<string, never>) =>
            pool(x, size, stride, padding, padding === 1 ? 'floor' : undefined),
        })),
      ),
    ),
  ),
  {
    name: 'pooling a single image',
    inputs: { x: normal(6, 6, 2) },
    f: ({ x }) => [tf.maxPool(x, 2, 2, 'valid'), tf.avgPool(x, 2, 2, 'valid')],
  },
  {
    name: 'pooling what a convolution made',
    inputs: { x: normal(2, 6, 6, 1), filter: normal(3, 3, 1, 4) },
    f: ({ x, filter }) => tf.maxPool(tf.relu(tf.conv2d(x, filter, 1, 'same')), 2, 2, 'same'),
  },
  ...([1, 16] as const).flatMap((channels) =>
    ([0, -3] as const).flatMap((shift): Case[] => [
      {
        name: `pooling rectified values, ${channels} channels, shifted by ${shift}`,
        inputs: {
          x: coarse(2, 6, 6, channels),
          filter: coarse(3, 3, channels, 16),
          bias: coarse(16),
        },
        f: ({ x, filter, bias }: Record<string, never>) => {
          const y = tf.add<tf.Tensor4D>(tf.conv2d(x, filter, 1, 'same'), tf.add(bias, shift));
          return tf.maxPool(tf.relu(y), 2, 2, 'valid');
        },
      },
      {
        name: `pooling what is also used otherwise, ${channels} channels, shifted by ${shift}`,
        inputs: { x: coarse(2, 6, 6, channels), filter: coarse(3, 3, channels, 16) },
        f: ({ x, filter }: Record<string, never>) => {
          const y = tf.add<tf.Tensor4D>(tf.conv2d(x, filter, 1, 'same'), shift);
          const rectified = tf.relu(y);
          return [tf.maxPool(rectified, 2, 2, 'valid'), tf.square(rectified), tf.mul(y, 3)];
        },
      },
    ]),
  ),
  {
    name: 'the gradient by rectified values themselves',
    inputs: { x: coarse(2, 6, 6, 3) },
    f: ({ x }) => {
      const rectified = tf.relu(x);
      const pooled = (values: tf.Tensor): tf.Tensor =>
        tf.maxPool(values as tf.Tensor4D, 2, 2, 'valid').square();
      return tf.grad(pooled)(rectified);
    },
    gradients: false,
  },
  {
    name: 'the mask of other values',
    inputs: { x: coarse(2, 6, 6, 3), other: coarse(2, 6, 6, 3) },
    f: ({ x, other }) => {
      const pooled = (values: tf.Tensor): tf.Tensor =>
        tf.maxPool(values as tf.Tensor4D, 2, 2, 'valid').square();
      return tf.mul(tf.grad(pooled)(tf.relu(x)), tf.step(tf.relu(other)));
    },
    gradients: false,
  },
];

describe('pooling, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('is all among these cases', () => {
    expect(Object.keys(POOLING).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });
});
