import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  differences,
  integers,
  loweredKernels,
  named,
  normal,
  type Case,
} from './parity.test-support';
import { SHAPE } from './shape';

/** Operations on one tensor of shape [2, 3, 4]. */
const ON_ONE: Record<string, (x: tf.Tensor3D) => tf.Tensor | tf.Tensor[]> = {
  'reshape to a vector': (x) => tf.reshape(x, [24]),
  'reshape with a free dimension': (x) => tf.reshape(x, [4, -1, 2]),
  'expandDims in front': (x) => tf.expandDims(x),
  'expandDims at the end': (x) => tf.expandDims(x, -1),
  squeeze: (x) => tf.squeeze(tf.expandDims(x, 1)),
  'transpose, reversed': (x) => tf.transpose(x),
  'transpose by a permutation': (x) => tf.transpose(x, [1, 2, 0]),
  'transpose by the identity': (x) => tf.transpose(x, [0, 1, 2]),
  clone: (x) => tf.clone(x).mul(2),
  'tile one axis': (x) => tf.tile(x, [1, 3, 1]),
  'tile all axes': (x) => tf.tile(x, [2, 1, 3]),
  'tile once': (x) => tf.tile(x, [1, 1, 1]),
  'broadcastTo more axes': (x) => tf.broadcastTo(x, [5, 2, 3, 4]),
  'broadcastTo along an axis': (x) => tf.broadcastTo(tf.expandDims(x, 1), [2, 5, 3, 4]),
  'slice inside': (x) => tf.slice(x, [0, 1, 1], [2, 2, 2]),
  'slice to the end': (x) => tf.slice(x, [1, 0, 2], [1, 3, -1]),
  'slice with fewer numbers than axes': (x) => tf.slice(x, [1], [1]),
  'slice of everything': (x) => tf.slice(x, [0, 0, 0], [2, 3, 4]),
  'pad by 0': (x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
      [3, 1],
    ]),
  'pad by a number': (x) =>
    tf.pad(
      x,
      [
        [0, 0],
        [1, 1],
        [0, 0],
      ],
      -2.5,
    ),
  'pad by nothing': (x) =>
    tf.pad(x, [
      [0, 0],
      [0, 0],
      [0, 0],
    ]),
  'concat with itself, first axis': (x) => tf.concat([x, x.neg()], 0),
  'concat with a part of itself, last axis': (x) =>
    tf.concat([x, x.slice([0, 0, 1], [2, 3, 2])], -1),
  'stack in front': (x) => tf.stack([x, x.square()]),
  'stack at the end': (x) => tf.stack([x, x.square(), x], -1),
  'unstack the first axis': (x) => tf.unstack(x),
  'unstack the last axis': (x) => tf.unstack(x, -1),
  'split into equal parts': (x) => tf.split(x, 2, 2),
  'split into given parts': (x) => tf.split(x, [1, 3], -1),
  'reverse one axis': (x) => tf.reverse(x, 1),
  'reverse several axes': (x) => tf.reverse(x, [0, -1]),
  'reverse all axes': (x) => tf.reverse(x),
  'gather the first axis': (x) => tf.gather(x, tf.tensor1d([1, 0, 1, 1], 'int32')),
  'gather the last axis': (x) => tf.gather(x, tf.tensor1d([3, 0], 'int32'), -1),
  'zerosLike and onesLike': (x) => [tf.zerosLike(x).add(x), tf.onesLike(x).mul(x)],
  'fill, zeros, ones and eye': (x) => [
    tf.fill([2, 2], 1.5).mul(x.sum()),
    tf.zeros([2, 3, 4]).add(x),
    tf.ones([4]).mul(x),
    tf.eye(4).mul(x.slice([0, 0, 0], [1, 1, 4]).reshape([1, 4])),
  ],
};

/** The same, where tfjs has no gradient. */
const WITHOUT_GRADIENT: Record<string, (x: tf.Tensor3D) => tf.Tensor | tf.Tensor[]> = {
  'stridedSlice by 2': (x) => tf.stridedSlice(x, [0, 0, 0], [2, 3, 4], [1, 2, 2]),
  'stridedSlice that drops an axis': (x) =>
    tf.stridedSlice(x, [1, 0, 1], [2, 3, 4], [1, 1, 1], 0, 0, 0, 0, 1),
  'stridedSlice with open ends': (x) =>
    tf.stridedSlice(x, [0, 1, 1], [0, 0, 0], [1, 1, 2], 0b001, 0b111),
  'stridedSlice with a new axis': (x) =>
    tf.stridedSlice(x, [0, 0, 0, 0], [2, 1, 3, 4], [1, 1, 1, 1], 0, 0, 0, 0b0010),
  'stridedSlice with an ellipsis': (x) => tf.stridedSlice(x, [0, 1], [0, 3], [1, 2], 0, 0, 0b01),
  'stridedSlice from the end': (x) => tf.stridedSlice(x, [-1, 0, -3], [2, 3, -1], [1, 1, 1]),
  'casts of real numbers': (x) => [
    x.mul(3).cast('int32'),
    x.step().cast('bool'),
    x.cast('float32'),
    x.greater(0).cast('int32'),
    x.greater(0).cast('float32'),
  ],
  'fill of whole numbers': () => [tf.fill([2, 3], 7, 'int32'), tf.zeros([2], 'bool')],
};

const onBlock = (
  table: Record<string, (x: tf.Tensor3D) => tf.Tensor | tf.Tensor[]>,
  gradients: boolean,
): Case[] =>
  Object.entries(table).map(([name, f]) => ({
    name,
    inputs: { x: normal(2, 3, 4) },
    f: ({ x }) => f(x),
    gradients,
  }));

const CASES: Case[] = [
  ...onBlock(ON_ONE, true),
  ...onBlock(WITHOUT_GRADIENT, false),
  {
    name: 'shapes of whole numbers',
    inputs: { x: integers([2, 3], -4, 5) },
    f: ({ x }) => [
      tf.reshape(x, [3, 2]),
      tf.transpose(x),
      tf.tile(x, [2, 2]),
      tf.concat([x, x], 1),
      tf.stack([x, x]),
      tf.pad(
        x,
        [
          [1, 1],
          [0, 2],
        ],
        9,
      ),
      tf.slice(x, [0, 1], [2, 2]),
      tf.reverse(x, 1),
      tf.gather(x, tf.tensor1d([1, 0], 'int32')),
      tf.zerosLike(x),
      tf.onesLike(x),
      (x as tf.Tensor).cast('float32'),
      (x as tf.Tensor).cast('bool'),
    ],
    gradients: false,
  },
  {
    name: 'gather by given indices',
    inputs: { x: normal(5, 3), indices: integers([2, 4], 0, 5) },
    f: ({ x, indices }) => tf.gather(x, indices),
    gradients: false,
  },
  {
    name: 'gather row by row',
    inputs: { x: normal(4, 5), indices: integers([4, 7], 0, 5) },
    f: ({ x, indices }) => tf.gather(x, indices, 1, 1),
    gradients: false,
  },
  {
    name: 'oneHot',
    inputs: { labels: integers([9], 0, 4) },
    f: ({ labels }) => tf.oneHot(labels, 4),
    gradients: false,
  },
  {
    name: 'oneHot with other values, of a matrix',
    inputs: { labels: integers([3, 4], 0, 5) },
    f: ({ labels }) => tf.oneHot(labels, 5, 2, -1),
    gradients: false,
  },
  {
    name: 'oneHot of labels outside the classes is empty',
    inputs: { labels: integers([20], -3, 6) },
    f: ({ labels }) => tf.oneHot(labels, 4),
    gradients: false,
  },
];

describe('operations on shapes, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('are all among these cases', () => {
    expect(Object.keys(SHAPE).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });
});

describe('operations on shapes that cannot be compiled', () => {
  it.each<[string, Case['f'], string]>([
    [
      'stridedSlice backwards',
      ({ x }) => tf.stridedSlice(x, [4, 0, 0], [0, 5, 5], [-1, 1, 1]),
      'compile: stridedSlice with a negative stride [-1,1,1]; use tf.reverse',
    ],
    [
      'gather with batches on an inner axis',
      ({ x }) => tf.gather(x, tf.zeros([5, 2], 'int32'), 1, 1),
      'compile: tf.gather with batchDims 1 is supported on the last axis only, got axis 1 of rank 3',
    ],
  ])('%s', async (_, f, message) => {
    const example = { name: '', inputs: { x: normal(5, 5, 5) }, f, gradients: false };
    await expect(differences(example)).rejects.toThrow(message);
  });
});
