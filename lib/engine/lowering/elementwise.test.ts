import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { ELEMENTWISE } from './elementwise';
import {
  coarse,
  differences,
  integers,
  loweredKernels,
  named,
  normal,
  uniform,
  values,
  type Case,
  type Drawn,
} from './parity.test-support';

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Functions of one argument, with the range in which they are tried. */
const UNARY: [string, Unary, low: number, high: number][] = [
  ['abs', tf.abs, -3, 3],
  ['acos', tf.acos, -0.9, 0.9],
  ['acosh', tf.acosh, 1.2, 4],
  ['asin', tf.asin, -0.9, 0.9],
  ['asinh', tf.asinh, -3, 3],
  ['atan', tf.atan, -3, 3],
  ['atanh', tf.atanh, -0.9, 0.9],
  ['ceil', tf.ceil, -3, 3],
  ['clipByValue', (x) => tf.clipByValue(x, -1, 2), -3, 3],
  ['cos', tf.cos, -6, 6],
  ['cosh', tf.cosh, -3, 3],
  ['elu', tf.elu, -3, 3],
  ['erf', tf.erf, -3, 3],
  ['exp', tf.exp, -5, 5],
  ['expm1', tf.expm1, -2, 2],
  ['floor', tf.floor, -3, 3],
  ['leakyRelu', tf.leakyRelu, -3, 3],
  ['leakyRelu, alpha 0.01', (x) => tf.leakyRelu(x, 0.01), -3, 3],
  ['log', tf.log, 0.1, 5],
  ['log1p', tf.log1p, -0.5, 5],
  ['neg', tf.neg, -3, 3],
  ['reciprocal', tf.reciprocal, 0.2, 3],
  ['relu', tf.relu, -3, 3],
  ['relu6', tf.relu6, -3, 9],
  ['round', tf.round, -3, 3],
  ['rsqrt', tf.rsqrt, 0.1, 5],
  ['selu', tf.selu, -3, 3],
  ['sigmoid', tf.sigmoid, -9, 9],
  ['sign', tf.sign, -3, 3],
  ['sin', tf.sin, -6, 6],
  ['sinh', tf.sinh, -3, 3],
  ['softplus', tf.softplus, -9, 9],
  ['sqrt', tf.sqrt, 0.1, 5],
  ['square', tf.square, -3, 3],
  ['step', tf.step, -3, 3],
  ['step, alpha 0.5', (x) => tf.step(x, 0.5), -3, 3],
  ['tan', tf.tan, -1, 1],
  ['tanh', tf.tanh, -3, 3],
];

/** tfjs itself has no gradient for these when the shapes differ. */
const WITHOUT_BROADCAST_GRADIENT = /^(maximum|minimum|squaredDifference)/;

const BINARY: [string, Binary, draw?: (shape: number[]) => Drawn][] = [
  ['add', tf.add],
  ['div', tf.div, (shape) => uniform(shape, 0.5, 3)],
  ['maximum', tf.maximum],
  ['maximum of ties', tf.maximum, (shape) => coarse(...shape)],
  ['minimum', tf.minimum],
  ['minimum of ties', tf.minimum, (shape) => coarse(...shape)],
  ['mul', tf.mul],
  ['pow', tf.pow, (shape) => uniform(shape, 0.5, 3)],
  ['squaredDifference', tf.squaredDifference],
  ['sub', tf.sub],
];

const COMPARISONS: [string, Binary][] = [
  ['equal', tf.equal],
  ['greater', tf.greater],
  ['greaterEqual', tf.greaterEqual],
  ['less', tf.less],
  ['lessEqual', tf.lessEqual],
  ['notEqual', tf.notEqual],
];

/** Pairs of shapes that broadcast. */
const PAIRS: [number[], number[]][] = [
  [[7], [7]],
  [[2, 3], [3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[], [2, 3]],
  [
    [4, 1, 3],
    [5, 1],
  ],
];

function binary(
  name: string,
  f: Binary,
  draw: (shape: number[]) => Drawn,
  gradients = true,
): Case[] {
  return PAIRS.map(([left, right]) => ({
    name: `${name} [${left}] [${right}]`,
    inputs: { a: draw(left), b: draw(right) },
    f: ({ a, b }) => f(a, b),
    gradients:
      gradients && (String(left) === String(right) || !WITHOUT_BROADCAST_GRADIENT.test(name)),
  }));
}

const CASES: Case[] = [
  ...UNARY.flatMap(([name, f, low, high]) =>
    [[], [7], [2, 3, 5]].map((shape) => ({
      name: `${name} [${shape}]`,
      inputs: { x: uniform(shape, low, high) },
      f: ({ x }: Record<string, never>) => f(x),
    })),
  ),
  ...(['abs', 'neg', 'relu', 'sign', 'square', 'step'] as const).map((name) => ({
    name: `${name} of whole numbers`,
    inputs: { x: integers([9], -4, 5) },
    f: ({ x }: Record<string, tf.Tensor>) => tf[name](x),
    gradients: false,
  })),
  ...BINARY.flatMap(([name, f, draw = (shape) => normal(...shape)]) => binary(name, f, draw)),
  ...(['add', 'maximum', 'minimum', 'mul', 'sub', 'squaredDifference'] as const).flatMap((name) =>
    binary(`${name} of whole numbers`, tf[name], (shape) => integers(shape, -9, 9), false),
  ),
  ...binary('div of whole numbers', tf.div, (shape) => integers(shape, 1, 9), false),
  ...COMPARISONS.flatMap(([name, f]) => binary(name, f, (shape) => coarse(...shape), false)),
  ...COMPARISONS.map(([name, f]) => ({
    name: `${name} of whole numbers`,
    inputs: { a: integers([20], 0, 3), b: integers([20], 0, 3) },
    f: ({ a, b }: Record<string, never>) => f(a, b),
    gradients: false,
  })),
  ...binary(
    'logicalAnd, logicalOr, logicalNot',
    (a, b) =>
      tf.logicalOr(tf.logicalAnd(a.cast('bool'), b.cast('bool')), tf.logicalNot(a.cast('bool'))),
    (shape) => integers(shape, 0, 2),
    false,
  ),
  ...binary(
    'floorDiv of signed whole numbers',
    tf.floorDiv,
    (shape) => integers(shape, 1, 9),
    false,
  ),
  {
    name: 'floorDiv rounds down',
    inputs: { a: integers([20], -9, 9) },
    f: ({ a }) => tf.floorDiv(a, tf.scalar(4, 'int32')),
    gradients: false,
  },
  {
    name: 'prelu',
    inputs: { x: normal(2, 3, 4), alpha: normal(4) },
    f: ({ x, alpha }) => tf.prelu(x, alpha),
  },
  {
    name: 'addN of one, two and three',
    inputs: { a: normal(2, 3), b: normal(2, 3), c: normal(2, 3) },
    f: ({ a, b, c }) => [tf.addN([a]), tf.addN([a, b]), tf.addN([a, b, c])],
  },
  ...PAIRS.map(([left, right]) => ({
    name: `where [${left}] [${right}]`,
    inputs: { a: normal(...left), b: normal(...right), c: integers(left, 0, 2) },
    f: ({ a, b, c }: Record<string, tf.Tensor>) => tf.where(c.cast('bool'), a, b),
  })),
  {
    name: 'where one condition chooses a row',
    inputs: { a: normal(3, 4), b: normal(3, 4), c: integers([3, 1], 0, 2) },
    f: ({ a, b, c }) => tf.where((c as tf.Tensor).cast('bool'), a, b),
  },
  {
    name: 'at halves and at 0',
    inputs: { x: values(-2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5) },
    f: ({ x }) =>
      [tf.round, tf.sign, tf.step, tf.relu, tf.relu6, tf.abs, tf.ceil, tf.floor, tf.elu].map((f) =>
        f(x),
      ),
  },
  {
    name: 'at and beyond the edges of their domains',
    inputs: { x: values(-Infinity, -1, 0, 1, Infinity) },
    f: ({ x }) => [tf.log, tf.sqrt, tf.reciprocal, tf.exp, tf.rsqrt, tf.tanh].map((f) => f(x)),
    gradients: false,
  },
  {
    name: 'isNaN, isInf, isFinite',
    inputs: { x: values(-Infinity, -1, 0, NaN, 1, Infinity) },
    f: ({ x }) => [tf.isNaN(x), tf.isInf(x), tf.isFinite(x)],
    gradients: false,
  },
  {
    name: 'a neutral element that widens the shape',
    inputs: { x: normal(3) },
    f: ({ x }) => [
      tf.add(x, tf.zerosLike(tf.tile(tf.expandDims(x), [2, 1]))),
      tf.mul(x, tf.onesLike(x)),
      tf.sub(tf.zerosLike(x), x),
      tf.div(tf.onesLike(x), x),
    ],
  },
];

describe('elementwise kernels, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('are all among these cases', () => {
    expect(Object.keys(ELEMENTWISE).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });
});

describe('elementwise kernels', () => {
  it.each([
    ['relu', tf.relu],
    ['maximum', (x: tf.Tensor) => tf.maximum(x, 0)],
    ['minimum', (x: tf.Tensor) => tf.minimum(x, 0)],
    ['sigmoid', tf.sigmoid],
    ['sqrt', tf.sqrt],
    ['sum', (x: tf.Tensor) => tf.sum(x)],
  ])('%s passes a NaN on: a diverged training must not look healthy', async (_, f) => {
    const example = {
      name: '',
      inputs: { x: values(1, NaN, -1) },
      f: ({ x }: Record<string, never>) => f(x),
      gradients: false,
    };
    expect(await differences(example)).toEqual([]);
  });
});
