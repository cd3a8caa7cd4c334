import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile } from './compile';
import type { Step, StepSignature } from './step';

const VECTOR: StepSignature = { inputs: { x: { shape: [3], dtype: 'float32' } } };
const X = Float32Array.of(1, 2, 3);

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

/** A step that adds the sum of its input to a variable. */
async function counter(start = 0): ReturnType<typeof compile> {
  const total = tf.variable(tf.scalar(start));
  return compile(
    ({ x }) => {
      total.assign(total.add(x.sum()));
      return { total };
    },
    { ...VECTOR, variables: { total } },
  );
}

async function compute(step: Step): Promise<number[]> {
  const compiled = await compile(step, VECTOR);
  const { y } = await compiled.run({ x: X });
  await compiled.dispose();
  return [...y.data];
}

describe.each(['compiled', 'cpu', 'wasm'] as const)('a step on the engine %s', (engine) => {
  it('returns what it is asked for, with shapes and types', async () => {
    const step = await compile(
      ({ x, k }) => ({
        real: x.mul(2).reshape([1, 3]),
        whole: k.add(tf.scalar(1, 'int32')),
        truth: x.greater(1.5),
        scalar: x.sum(),
      }),
      { inputs: { ...VECTOR.inputs, k: { shape: [2], dtype: 'int32' } } },
      { engine },
    );
    expect(await step.run({ x: X, k: Int32Array.of(5, -1) })).toEqual({
      real: { data: Float32Array.of(2, 4, 6), shape: [1, 3] },
      whole: { data: Int32Array.of(6, 0), shape: [2] },
      truth: { data: Uint8Array.of(0, 1, 1), shape: [3] },
      scalar: { data: Float32Array.of(6), shape: [] },
    });
    await step.dispose();
  });

  it('keeps its variables from run to run, and hands them out when asked', async () => {
    const [w, fixed] = [tf.variable(tf.tensor1d([1, 1, 1])), tf.variable(tf.scalar(10))];
    const step = await compile(
      ({ x }) => {
        w.assign(w.add(x.mul(fixed)));
        return { first: w.slice(0, 1) };
      },
      { ...VECTOR, variables: { w, fixed } },
      { engine },
    );
    await step.run({ x: X });
    const { first } = await step.run({ x: X });
    expect([...first.data]).toEqual([21]);
    step.readVariables();
    expect([...w.dataSync()]).toEqual([21, 41, 61]);
    expect([...fixed.dataSync()]).toEqual([10]);
    await step.dispose();
  });

  it('assigns in order: what is read after an assignment is the new value', async () => {
    const v = tf.variable(tf.scalar(1));
    const step = await compile(
      ({ x }) => {
        const before = v.clone();
        v.assign(x.sum());
        const between = v.clone();
        v.assign(v.mul(2));
        return { before, between, after: v };
      },
      { ...VECTOR, variables: { v } },
      { engine },
    );
    const { before, between, after } = await step.run({ x: X });
    expect([before, between, after].map(({ data }) => data[0])).toEqual([1, 6, 12]);
    await step.dispose();
  });

  it.each([
    [{}, "run: input 'x' must be a Float32Array of 3 values ([3]), got undefined"],
    [{ x: Float32Array.of(1) }, 'got a Float32Array of 1'],
    [{ x: Int32Array.of(1, 2, 3) }, 'got a Int32Array of 3'],
    [{ x: [1, 2, 3] as unknown as Float32Array }, 'got 1,2,3'],
    [{ x: X, z: X }, "run: the step has no input 'z'; its inputs are x"],
  ])('refuses the inputs %o', async (inputs, message) => {
    const step = await compile(({ x }) => ({ y: x.neg() }), VECTOR, { engine });
    const run = step.run(inputs as { x: Float32Array });
    await expect(run).rejects.toThrow(TypeError);
    await expect(step.run(inputs as { x: Float32Array })).rejects.toThrow(message);
    await step.dispose();
  });

  it('may name an output like an input', async () => {
    const step = await compile(({ x }) => ({ x: x.neg() }), VECTOR, { engine });
    expect([...(await step.run({ x: X })).x.data]).toEqual([-1, -2, -3]);
    await step.dispose();
  });

  it('may return an input, a variable, a constant, and one tensor twice', async () => {
    const v = tf.variable(tf.scalar(4));
    const step = await compile(
      ({ x }) => ({ same: x, v, one: tf.scalar(1), a: v.add(x), b: v.add(x) }),
      { ...VECTOR, variables: { v } },
      { engine },
    );
    const { same, v: value, one, a, b } = await step.run({ x: X });
    expect([same, value, one, a, b].map(({ data }) => [...data])).toEqual([
      [1, 2, 3],
      [4],
      [1],
      [5, 6, 7],
      [5, 6, 7],
    ]);
    await step.dispose();
  });

  it('leaves no tensors behind, however often it is compiled and run', async () => {
    const v = tf.variable(tf.scalar(0));
    const outside = tf.tensor1d([1, 2, 3]);
    const round = async (): Promise<void> => {
      const step = await compile(
        ({ x }) => {
          v.assign(v.add(x.mul(outside).sum()));
          return { v, y: x.square() };
        },
        { ...VECTOR, variables: { v } },
        { engine },
      );
      for (let i = 0; i < 3; i++) await step.run({ x: X });
      step.readVariables();
      await step.dispose();
    };
    await round();
    const before = tf.memory();
    for (let i = 0; i < 5; i++) await round();
    const { numTensors, numDataBuffers } = tf.memory();
    expect({ numTensors, numDataBuffers }).toEqual({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
    outside.dispose();
  });
});

describe('compile', () => {
  it('leaves the variables as they were until they are read', async () => {
    const total = tf.variable(tf.scalar(5));
    const step = await compile(
      ({ x }) => {
        total.assign(x.sum());
        return {};
      },
      { ...VECTOR, variables: { total } },
    );
    expect(total.dataSync()[0]).toBe(5);
    await step.run({ x: X });
    expect(total.dataSync()[0]).toBe(5);
    step.readVariables();
    expect(total.dataSync()[0]).toBe(6);
    await step.dispose();
  });

  it('keeps several steps apart that are alive at once', async () => {
    const steps = [await counter(), await counter(100)];
    for (let i = 0; i < 3; i++) for (const step of steps) await step.run({ x: X });
    const totals = await Promise.all(steps.map((step) => step.run({ x: X })));
    expect(totals.map(({ total }) => total.data[0])).toEqual([24, 124]);
    for (const step of steps) await step.dispose();
  });

  it('loses no update when runs are not awaited one by one', async () => {
    const step = await counter();
    await Promise.all(Array.from({ length: 4 }, () => step.run({ x: X })));
    const { total } = await step.run({ x: X });
    expect(total.data[0]).toBe(30);
    await step.dispose();
  });

  it('takes what the step uses from outside as constants, and leaves it readable', async () => {
    const [outside, whole] = [tf.tensor1d([10, 20, 30]), tf.scalar(2, 'int32')];
    expect(await compute(({ x }) => ({ y: x.mul(outside).add(whole) }))).toEqual([12, 42, 92]);
    expect([...outside.dataSync()]).toEqual([10, 20, 30]);
    expect([...whole.dataSync()]).toEqual([2]);
    expect([...outside.add(whole).dataSync()]).toEqual([12, 22, 32]);
    // A second trace meets the same tensors again.
    expect(await compute(({ x }) => ({ y: x.mul(outside).add(whole) }))).toEqual([12, 42, 92]);
  });

  it('does not let its results be changed by the next run', async () => {
    const step = await counter();
    const first = await step.run({ x: X });
    await step.run({ x: X });
    expect(first.total.data[0]).toBe(6);
    first.total.data[0] = 1000;
    expect((await step.run({ x: X })).total.data[0]).toBe(18);
    await step.dispose();
  });

  it('repeats what is drawn from a seed, as tfjs itself does', async () => {
    const step: Step = ({ x }) => ({ y: x.add(tf.randomUniform([3], 0, 1, 'float32', 42)) });
    const expected = tf.tidy(() => step({ x: tf.tensor1d(X) }).y.dataSync());
    expect(await compute(step)).toEqual([...expected]);
  });
});
