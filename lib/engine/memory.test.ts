import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from './compile';
import type { CompiledStep } from './step';

const SHAPE = [256, 512];

afterAll(() => tf.disposeVariables());

/** A step with a tensor of 0.5 MiB each as input, state, output and constant. */
async function bigStep(): Promise<CompiledStep> {
  const w = tf.tidy(() => tf.variable(tf.zeros(SHAPE)));
  const constant = tf.ones(SHAPE);
  const step = await compile(
    ({ x }) => {
      w.assign(w.mul(0.9).add(x).add(constant));
      return { w };
    },
    { inputs: { x: { shape: SHAPE, dtype: 'float32' } }, variables: { w } },
  );
  tf.dispose([w, constant]);
  return step;
}

function input(): { x: Float32Array } {
  return { x: new Float32Array(SHAPE[0] * SHAPE[1]).fill(1) };
}

/** By how many MiB the resident memory's peak grew from the first half of the rounds to the second. */
async function growth(rounds: number, round: () => Promise<unknown>): Promise<number> {
  const peaks = [0, 0];
  for (let i = 0; i < rounds; i++) {
    await round();
    const half = i < rounds / 2 ? 0 : 1;
    if (i % 10 === 0) peaks[half] = Math.max(peaks[half], process.memoryUsage.rss() / 2 ** 20);
  }
  return peaks[1] - peaks[0];
}

function tensors(): Pick<tf.MemoryInfo, 'numTensors' | 'numDataBuffers'> {
  const { numTensors, numDataBuffers } = tf.memory();
  return { numTensors, numDataBuffers };
}

describe('resident memory', () => {
  it('stays as it is while a step runs 2,000 times', async () => {
    const step = await bigStep();
    const before = tensors();
    // One tensor kept from each run would make 500 MiB.
    expect(await growth(2000, () => step.run(input()))).toBeLessThan(50);
    expect(tensors()).toEqual(before);
    await step.dispose();
  });

  it('stays as it is while steps are compiled, run and disposed of', async () => {
    const before = tensors();
    const grown = await growth(200, async () => {
      const step = await bigStep();
      await step.run(input());
      await step.dispose();
    });
    // One tensor kept from each step would make 50 MiB, a session three times as much.
    expect(grown).toBeLessThan(40);
    expect(tensors()).toEqual(before);
  });
});
