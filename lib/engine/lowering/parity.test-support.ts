import * as tf from '@tensorflow/tfjs';
import { randomInteger, randomNormal, seededRandom, type Random } from '../../data/random';
import { compile } from '../compile';
import { compileToOnnx, type OnnxOptions } from '../onnx-step';
import type { ArrayValue, InputType, TensorRecord } from '../step';
import { LOWERINGS } from '.';

/** An input of a case: its type, and its values drawn from a seeded generator. */
export interface Drawn {
  type: InputType;
  draw: (random: Random) => number;
}

/** A use of public tfjs operations that has to give the same compiled as eagerly. */
export interface Case {
  name: string;
  inputs: Record<string, Drawn>;
  f: (inputs: Record<string, never>) => tf.Tensor | tf.Tensor[];
  /** Whether to compare the gradients by all float32 inputs as well. Default true. */
  gradients?: boolean;
}

/** Cases for `it.each`, which prints the first of a pair in full. */
export function named(cases: Case[]): [string, Case][] {
  return cases.map((example) => [example.name, example]);
}

/** float32 values from the standard normal distribution. */
export function normal(...shape: number[]): Drawn {
  return { type: { shape, dtype: 'float32' }, draw: randomNormal };
}

/** float32 values drawn uniformly between `low` and `high`. */
export function uniform(shape: number[], low: number, high: number): Drawn {
  return {
    type: { shape, dtype: 'float32' },
    draw: (random) => low + (high - low) * random(),
  };
}

/** float32 values -1, -0.5, 0, 0.5 and 1: full of ties and of zeros. */
export function coarse(...shape: number[]): Drawn {
  return {
    type: { shape, dtype: 'float32' },
    draw: (random) => (randomInteger(random, 5) - 2) / 2,
  };
}

/** int32 values from `low` up to, not including, `high`. */
export function integers(shape: number[], low: number, high: number): Drawn {
  return {
    type: { shape, dtype: 'int32' },
    draw: (random) => low + randomInteger(random, high - low),
  };
}

/** float32 values as given. */
export function values(...list: number[]): Drawn {
  let next = 0;
  return {
    type: { shape: [list.length], dtype: 'float32' },
    draw: () => list[next++ % list.length],
  };
}

/**
 * Runs a case, its values and its gradients, on the compiled engine and on tfjs's own cpu backend,
 * and describes every difference beyond rounding.
 *
 * @param options of the compiled side
 */
export async function differences(
  { inputs, f, gradients = true }: Case,
  options: OnnxOptions = {},
): Promise<string[]> {
  const step = (tensors: TensorRecord): TensorRecord => {
    const apply = (given: TensorRecord): tf.Tensor[] => [f(given as Record<string, never>)].flat();
    const results: TensorRecord = {};
    apply(tensors).forEach((value, i) => (results[`value ${i}`] = value));
    if (!gradients) return results;
    const names = Object.keys(inputs).filter((name) => inputs[name].type.dtype === 'float32');
    const weighed = (...floats: tf.Tensor[]): tf.Scalar => {
      const given = Object.fromEntries(names.map((name, i) => [name, floats[i]]));
      const sums = apply({ ...tensors, ...given }).map((value) =>
        value.mul(weightsFor(value)).sum(),
      );
      return tf.addN(sums) as tf.Scalar;
    };
    const derived = tf.grads(weighed)(names.map((name) => tensors[name]));
    names.forEach((name, i) => (results[`gradient by ${name}`] = derived[i]));
    return results;
  };
  const arrays = Object.fromEntries(
    Object.entries(inputs).map(([name, { type, draw }], i) => {
      const random = seededRandom(i);
      const size = type.shape.reduce((product, dimension) => product * dimension, 1);
      const list = Array.from({ length: size }, () => draw(random));
      return [name, type.dtype === 'int32' ? Int32Array.from(list) : Float32Array.from(list)];
    }),
  );
  const types = Object.fromEntries(Object.entries(inputs).map(([name, { type }]) => [name, type]));
  await tf.ready();
  const [compiled, eager] = [
    await compileToOnnx(step, { inputs: types }, options),
    await compile(step, { inputs: types }, { engine: 'cpu' }),
  ];
  const found = await compiled.run(arrays);
  const expected = await eager.run(arrays);
  await compiled.dispose();
  return Object.keys(expected).flatMap((name) =>
    describeDifference(name, found[name], expected[name]),
  );
}

/** Makes every element of a result count differently in a gradient. */
function weightsFor({ shape, size }: tf.Tensor): tf.Tensor {
  const random = seededRandom(100, size);
  return tf.tensor(
    Float32Array.from({ length: size }, () => randomNormal(random)),
    shape,
  );
}

function describeDifference(name: string, found: ArrayValue, expected: ArrayValue): string[] {
  if (String(found.shape) !== String(expected.shape)) {
    return [`${name}: shape [${found.shape}], expected [${expected.shape}]`];
  }
  if (found.data.constructor !== expected.data.constructor) {
    return [`${name}: ${found.data.constructor.name}, expected ${expected.data.constructor.name}`];
  }
  const finite = Array.from(expected.data).filter(Number.isFinite).map(Math.abs);
  const scale = Math.max(...finite, 1e-6);
  const wrong = Array.from(expected.data.keys()).filter((i) => {
    const [x, y] = [found.data[i], expected.data[i]];
    return !(Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-5 * Math.abs(y) + 1e-6 * scale);
  });
  if (wrong.length === 0) return [];
  const [i] = wrong;
  return [
    `${name}: ${wrong.length} of ${expected.data.length} values differ, ` +
      `number ${i} is ${found.data[i]}, expected ${expected.data[i]}`,
  ];
}

/** The tfjs kernels that are lowered from now on, as they are met. */
export function loweredKernels(): Set<string> {
  const met = new Set<string>();
  for (const [kernel, lower] of Object.entries(LOWERINGS)) {
    LOWERINGS[kernel] = (...call) => {
      met.add(kernel);
      return lower(...call);
    };
  }
  return met;
}
