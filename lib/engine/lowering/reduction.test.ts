import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  coarse,
  differences,
  integers,
  loweredKernels,
  named,
  normal,
  uniform,
  type Case,
} from './parity.test-support';
import { REDUCTION } from './reduction';

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

/** Shapes with axes to reduce over. */
const AXES: [number[], number | number[] | undefined][] = [
  [[5], undefined],
  [[3, 5], undefined],
  [[3, 5], 0],
  [[3, 5], 1],
  [[3, 5], -1],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [
    [2, 3, 4],
    [-1, -2],
  ],
  [
    [2, 3, 4, 5],
    [1, 2],
  ],
  [[2, 1, 3], 1],
];

const REDUCTIONS: [string, Reduction][] = [
  ['sum', tf.sum],
  ['mean', tf.mean],
  ['max', tf.max],
  ['min', tf.min],
];

function everyAxis(name: string, f: Reduction, { draw = normal, gradients = true } = {}): Case[] {
  return AXES.flatMap(([shape, axis]) =>
    [false, true].map((keepDims) => ({
      name: `${name} of [${shape}] over ${axis === undefined ? 'all' : `[${axis}]`}${keepDims ? ', dimensions kept' : ''}`,
      inputs: { x: draw(...shape) },
      f: ({ x }: Record<string, never>) => f(x, axis, keepDims),
      gradients,
    })),
  );
}

const digits = (...shape: number[]): ReturnType<typeof integers> => integers(shape, -5, 6);
const answers = (...shape: number[]): ReturnType<typeof integers> => integers(shape, 0, 2);

const CASES: Case[] = [
  ...REDUCTIONS.flatMap(([name, f]) => everyAxis(name, f)),
  ...everyAxis('max of ties', tf.max, { draw: coarse }),
  ...everyAxis('min of ties', tf.min, { draw: coarse }),
  // The gradient of tfjs's prod needs cumprod, which the compiler does not know.
  ...everyAxis('prod', tf.prod, { gradients: false }),
  ...(['sum', 'mean', 'max', 'min', 'prod'] as const).flatMap((name) =>
    everyAxis(`${name} of whole numbers`, tf[name], { draw: digits, gradients: false }),
  ),
  ...everyAxis('sum of truths', (x, ...rest) => tf.sum(x.cast('bool'), ...rest), {
    draw: answers,
    gradients: false,
  }),
  ...everyAxis('all', (x, ...rest) => tf.all(x.cast('bool'), ...rest), {
    draw: answers,
    gradients: false,
  }),
  ...everyAxis('any', (x, ...rest) => tf.any(x.cast('bool'), ...rest), {
    draw: answers,
    gradients: false,
  }),
  ...[0, 1, -1].flatMap((axis): Case[] => [
    {
      name: `argMax and argMin along ${axis}, the first of several`,
      inputs: { x: coarse(4, 6) },
      f: ({ x }) => [tf.argMax(x, axis), tf.argMin(x, axis)],
      gradients: false,
    },
  ]),
  // tfjs's cpu backend goes wrong on negative axes, and its gradient on all but the last one.
  ...[0, 1].flatMap((axis) =>
    [false, true].flatMap((exclusive) =>
      [false, true].map((reverse) => ({
        name: `cumsum along ${axis}${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`,
        inputs: { x: normal(3, 5) },
        f: ({ x }: Record<string, never>) => tf.cumsum(x, axis, exclusive, reverse),
        gradients: axis === 1,
      })),
    ),
  ),
  {
    name: 'cumsum of whole numbers',
    inputs: { x: digits(7) },
    f: ({ x }) => tf.cumsum(x),
    gradients: false,
  },
  ...[1, 3, 5].map((k) => ({
    name: `topk ${k}, ties in order`,
    inputs: { x: coarse(4, 5) },
    f: ({ x }: Record<string, never>) => {
      const { values, indices } = tf.topk(x, k, true);
      return [values, indices];
    },
    gradients: false,
  })),
  ...[[4], [3, 5], [2, 3, 4]].flatMap((shape): Case[] => [
    {
      name: `softmax of [${shape}]`,
      inputs: { x: uniform(shape, -5, 5) },
      f: ({ x }) => tf.softmax(x),
    },
    {
      name: `logSoftmax of [${shape}]`,
      inputs: { x: uniform(shape, -5, 5) },
      f: ({ x }) => tf.logSoftmax(x),
    },
    {
      name: `logSumExp of [${shape}]`,
      inputs: { x: uniform(shape, -5, 5) },
      f: ({ x }) => tf.logSumExp(x, -1),
    },
  ]),
  ...[1e-3, 0.1].flatMap((epsilon): Case[] => [
    {
      name: `batchNorm, epsilon ${epsilon}`,
      inputs: {
        x: normal(2, 3, 3, 4),
        mean: normal(4),
        variance: uniform([4], 0.1, 2),
        offset: normal(4),
        scale: normal(4),
      },
      f: ({ x, mean, variance, offset, scale }) =>
        tf.batchNorm(x, mean, variance, offset, scale, epsilon),
    },
    {
      name: `batchNorm without offset and scale, epsilon ${epsilon}`,
      inputs: { x: normal(5, 3), mean: normal(3), variance: uniform([3], 0.1, 2) },
      f: ({ x, mean, variance }) => tf.batchNorm(x, mean, variance, undefined, undefined, epsilon),
      gradients: false,
    },
  ]),
  {
    name: 'moments',
    inputs: { x: normal(4, 3, 2) },
    f: ({ x }) => Object.values(tf.moments(x, [0, 1])),
  },
  { name: 'norm', inputs: { x: normal(4, 3) }, f: ({ x }) => tf.norm(x, 'euclidean', 1) },
];

describe('reductions, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('are all among these cases', () => {
    expect(Object.keys(REDUCTION).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });
});
