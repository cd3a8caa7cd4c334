import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { MIRROR_PAD } from './mirror-pad';
import { differences, loweredKernels, named, normal, type Case } from './parity.test-support';

const CASES: Case[] = (['reflect', 'symmetric'] as const).flatMap((mode) => [
  {
    name: `${mode}, a vector`,
    inputs: { x: normal(5) },
    f: ({ x }) => tf.mirrorPad(x, [[2, 3]], mode),
  },
  {
    name: `${mode}, an image`,
    inputs: { x: normal(2, 4, 3, 2) },
    f: ({ x }) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [1, 3],
          [2, 0],
          [0, 0],
        ],
        mode,
      ),
  },
]);

describe('mirrored edges, compiled and eager', () => {
  const kernels = loweredKernels();

  it.each(named(CASES))('%s', async (_, example) => {
    expect(await differences(example)).toEqual([]);
  });

  it('are all among these cases', () => {
    expect(Object.keys(MIRROR_PAD).filter((kernel) => !kernels.has(kernel))).toEqual([]);
  });
});
