import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { EINSUM } from './einsum';
import { differences, loweredKernels, named, normal, type Case } from './parity.test-support';

/** tfjs has no gradient of einsum. */
const CASES: Case[] = [
  { equation: 'ij->ji', shapes: [[3, 4]] },
  { equation: 'ij->', shapes: [[3, 4]] },
  {
    equation: 'ij,jk->ik',
    shapes: [
      [3, 4],
      [4, 2],
    ],
  },
  {
    equation: 'bij, bkj -> bik',
    shapes: [
      [2, 3, 4],
      [2, 5, 4],
    ],
  },
  { equation: 'i,j->ij', shapes: [[3], [2]] },
].map(({ equation, shapes }) => ({
  name: equation,
  inputs: Object.fromEntries(shapes.map((shape, i) => [`x${i}`, normal(...shape)])),
  f: (inputs) => tf.einsum(equation, ...(Object.values(inputs) as tf.Tensor[])),
  gradients: false,
}));

describe('sums of products, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('are all among these cases', () => {
    expect(Object.keys(EINSUM).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });
});
