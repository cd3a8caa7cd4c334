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
import { SCATTER } from './scatter';

const CASES: Case[] = [
  {
    name: 'scatterND of numbers into a vector, some to one place, some places empty',
    inputs: { places: integers([9, 1], 0, 6), x: normal(9) },
    f: ({ places, x }) => tf.scatterND(places, x, [7]),
    gradients: false,
  },
  {
    name: 'scatterND of numbers into a matrix',
    inputs: { places: integers([8, 2], 0, 3), x: normal(8) },
    f: ({ places, x }) => tf.scatterND(places, x, [3, 4]),
    gradients: false,
  },
  {
    name: 'scatterND of rows, from a table of indices',
    inputs: { places: integers([2, 3, 1], 0, 5), x: normal(2, 3, 4) },
    f: ({ places, x }) => tf.scatterND(places, x, [5, 4]),
    gradients: false,
  },
  {
    name: 'scatterND of whole numbers',
    inputs: { places: integers([6, 1], 0, 4), x: integers([6], -5, 5) },
    f: ({ places, x }) => tf.scatterND(places, x, [4]),
    gradients: false,
  },
];

describe('scattering, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('is all among these cases', () => {
    expect(Object.keys(SCATTER).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });
});
