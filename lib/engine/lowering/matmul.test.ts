import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { MATMUL } from './matmul';
import { differences, loweredKernels, named, normal, type Case } from './parity.test-support';

const TRANSPOSITIONS = [false, true].flatMap((a) => [false, true].map((b) => [a, b]));

/** The leading axes of both factors. */
const BATCHES: [number[], number[]][] = [
  [[], []],
  [[1], [1]],
  [[3], [3]],
  [[1], [3]],
  [[3], [1]],
  [
    [2, 3],
    [2, 3],
  ],
  [[], [3]],
];

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const;

const CASES: Case[] = [
  ...BATCHES.flatMap(([left, right]) =>
    TRANSPOSITIONS.map(([transposeA, transposeB]) => ({
      name: `matMul [${left}] [${right}]${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`,
      inputs: {
        a: normal(...left, ...(transposeA ? [4, 5] : [5, 4])),
        b: normal(...right, ...(transposeB ? [7, 4] : [4, 7])),
      },
      f: ({ a, b }: Record<string, never>) => tf.matMul(a, b, transposeA, transposeB),
      // tfjs itself has no gradient where the leading axes broadcast.
      gradients: String(left) === String(right),
    })),
  ),
  ...ACTIVATIONS.flatMap((activation): Case[] => [
    {
      name: `fused matMul with bias and ${activation}`,
      inputs: { a: normal(5, 4), b: normal(4, 3), bias: normal(3) },
      f: ({ a, b, bias }) => tf.fused.matMul({ a, b, bias, activation, leakyreluAlpha: 0.3 }),
    },
    {
      name: `fused matMul without bias, both transposed, ${activation}`,
      inputs: { a: normal(4, 5), b: normal(3, 4) },
      f: ({ a, b }) =>
        tf.fused.matMul({
          a,
          b,
          transposeA: true,
          transposeB: true,
          activation,
          leakyreluAlpha: 0.3,
        }),
    },
  ]),
  {
    name: 'fused matMul of batches with bias',
    inputs: { a: normal(2, 5, 4), b: normal(2, 4, 3), bias: normal(3) },
    f: ({ a, b, bias }) => tf.fused.matMul({ a, b, bias, activation: 'relu' }),
    gradients: false,
  },
  {
    name: 'a product with itself',
    inputs: { a: normal(6, 3) },
    f: ({ a }) => tf.matMul(a, a, false, true),
  },
  {
    name: 'dot and outer product',
    inputs: { a: normal(4), b: normal(4) },
    f: ({ a, b }) => [tf.dot(a, b), tf.outerProduct(a, b)],
  },
  {
    name: 'one row, one column, one term',
    inputs: { a: normal(1, 6), b: normal(6, 1) },
    f: ({ a, b }) => [tf.matMul(a, b), tf.matMul(b, a)],
  },
];

describe('matrix products, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('are all among these cases', () => {
    expect(Object.keys(MATMUL).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });
});
