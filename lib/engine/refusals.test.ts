import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile } from './compile';
import type { Step, StepSignature } from './step';

const VECTOR: StepSignature = { inputs: { x: { shape: [3], dtype: 'float32' } } };

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

describe('what cannot be compiled', () => {
  const REFUSED: [string, Step, RegExp][] = [
    [
      'reading values',
      ({ x }) => ({ y: x.sum().dataSync()[0] > 0 ? x : x.neg() }),
      /^the step reads a value: a tensor of shape \[\] .*return the tensor/s,
    ],
    [
      'reading a value as an array',
      ({ x }) => ({ y: tf.scalar((x.arraySync() as number[])[0]) }),
      /the step reads a value: a tensor of shape \[3\]/,
    ],
    [
      'awaiting values',
      (async ({ x }: Record<string, tf.Tensor>) => {
        await x.data();
        return { y: x };
      }) as unknown as Step,
      /^compile: the step must be synchronous, got one that returns a promise/,
    ],
    [
      'a kernel that is not known, with the line that uses it',
      ({ x }) => ({ y: tf.localResponseNormalization(x.reshape([1, 1, 3]) as tf.Tensor3D) }),
      /^compile: the step uses the tfjs kernel 'LRN', .*eager engine.*refusals\.test\.ts/s,
    ],
    [
      'a Fourier transform',
      ({ x }) => ({ y: tf.fft(tf.complex(x, x)) }),
      /^compile: .*(kernel|complex)/,
    ],
    ['a normal draw', ({ x }) => ({ y: x.add(tf.randomNormal([3])) }), /draws a random number/],
    ['a uniform draw', ({ x }) => ({ y: x.add(tf.randomUniform([3])) }), /draws a random number/],
    [
      'a truncated draw',
      ({ x }) => ({ y: x.add(tf.truncatedNormal([3])) }),
      /draws a random number/,
    ],
    ['dropout', ({ x }) => ({ y: tf.dropout(x, 0.5) }), /draws a random number/],
    ['Math.random', ({ x }) => ({ y: x.add(Math.random()) }), /draws a random number/],
    [
      "the step's own error",
      () => {
        throw new RangeError('margin must be > 0');
      },
      /^margin must be > 0$/,
    ],
  ];

  it.each(REFUSED)('%s', async (_, step, message) => {
    await expect(compile(step, VECTOR)).rejects.toThrow(message);
  });

  it.each(REFUSED)('%s: everything is as before', async (_, step) => {
    const [listed, before] = [tf.variable(tf.tensor1d([7, 8, 9])), tf.getBackend()];
    const { numTensors } = tf.memory();
    const random = Math.random;
    const assigning: Step = (inputs) => {
      listed.assign(listed.mul(2));
      return step(inputs);
    };
    await expect(compile(assigning, { ...VECTOR, variables: { listed } })).rejects.toThrow();
    expect([...listed.dataSync()]).toEqual([7, 8, 9]);
    expect(tf.getBackend()).toBe(before);
    expect(Math.random).toBe(random);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('assigning a variable that is not listed', async () => {
    const hidden = tf.variable(tf.scalar(1), true, 'hidden');
    const step: Step = ({ x }) => {
      hidden.assign(x.sum() as tf.Scalar);
      return { x };
    };
    await expect(compile(step, VECTOR)).rejects.toThrow(
      "compile: the step assigns the variable 'hidden', which its signature does not list",
    );
    expect(hidden.dataSync()[0]).toBe(1);
  });

  it('a tensor kept from a trace has no values', async () => {
    let kept: tf.Tensor | undefined;
    const step = await compile(({ x }) => ({ y: (kept = tf.keep(x.square())) }), VECTOR);
    expect(() => kept?.dataSync()).toThrow(/reads a value|has no values/);
    expect(() => kept?.add(1).dataSync()).toThrow(/reads a value|has no values/);
    await step.dispose();
  });

  it('running after dispose', async () => {
    const x = Float32Array.of(1, 2, 3);
    const step = await compile((inputs) => ({ y: inputs.x.neg() }), VECTOR);
    await step.run({ x });
    await step.dispose();
    await expect(step.run({ x })).rejects.toThrow(/^run: .*dispose/);
  });

  it('an engine that does not exist', async () => {
    const options = { engine: 'gpu' as 'cpu' };
    await expect(compile(({ x }) => ({ x }), VECTOR, options)).rejects.toThrow(
      "chooseEngine: engine must be one of auto, compiled, compiled-webgpu, compiled-cuda, tensorflow, wasm, cpu, got 'gpu'",
    );
  });
});
