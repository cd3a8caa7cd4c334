import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { differences, loweredKernels, named, normal, type Case } from './parity.test-support';
import { SEQUENCE } from './sequence';

const SEQUENCES: Record<string, () => tf.Tensor> = {
  'range up': () => tf.range(0, 5),
  'range by a fraction': () => tf.range(1, 3, 0.3),
  'range down': () => tf.range(5, 1),
  'range down by twos': () => tf.range(5, 0, -2),
  'range of whole numbers': () => tf.range(-2, 7, 3, 'int32'),
  linspace: () => tf.linspace(-1, 2, 7),
  'linspace down': () => tf.linspace(2, 1, 3),
  'linspace of one number': () => tf.linspace(3, 9, 1),
};

const CASES: Case[] = Object.entries(SEQUENCES).map(([name, f]) => ({
  name,
  inputs: { x: normal() },
  f: ({ x }) => [f(), f().mul(x)],
}));

describe('sequences, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('are all among these cases', () => {
    expect(Object.keys(SEQUENCE).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });
});
