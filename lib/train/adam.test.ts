import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { randomNormal, seededRandom } from '../data/random';
import { adam, type AdamOptions } from './adam';

afterEach(() => tf.disposeVariables());

const STEPS = 50;
const START = [1, -2, 0.5, 0];

/** The gradient at step `t`: of a bowl around 0.3, with noise; element 3 has none at all. */
function gradientAt(weights: ArrayLike<number>, t: number): number[] {
  const random = seededRandom(t);
  return Array.from(weights, (w, i) => (i === 3 ? 0 : w - 0.3 + 0.5 * randomNormal(random)));
}

/** Where the step's epsilon stands: beside sqrt(v), or beside sqrt(v / (1 - beta2^t)). */
type Form = 'end of section 2' | 'algorithm 1';

/** Both forms of the paper (Kingma and Ba 2015), element by element in float64. */
function plainAdam(
  { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
  form: Form = 'end of section 2',
): number[] {
  const weights = [...START];
  const [m, v] = [START.map(() => 0), START.map(() => 0)];
  for (let t = 1; t <= STEPS; t++) {
    gradientAt(weights, t).forEach((g, i) => {
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g ** 2;
      const [correction1, correction2] = [1 - beta1 ** t, 1 - beta2 ** t];
      weights[i] -=
        form === 'algorithm 1'
          ? (learningRate * (m[i] / correction1)) / (Math.sqrt(v[i] / correction2) + epsilon)
          : (((learningRate * Math.sqrt(correction2)) / correction1) * m[i]) /
            (Math.sqrt(v[i]) + epsilon);
    });
  }
  return weights;
}

function tensorAdam(options: AdamOptions): number[] {
  const w = tf.variable(tf.tensor1d(START));
  const optimiser = adam({ w }, options);
  for (let t = 1; t <= STEPS; t++) {
    tf.tidy(() => optimiser.apply({ w: tf.tensor1d(gradientAt(w.dataSync(), t)) }));
  }
  return [...w.dataSync()];
}

function tfjsAdam({ learningRate, beta1, beta2, epsilon = 1e-8 }: AdamOptions): number[] {
  const w = tf.variable(tf.tensor1d(START));
  const optimiser = tf.train.adam(learningRate, beta1, beta2, epsilon);
  for (let t = 1; t <= STEPS; t++) {
    const gradient = tf.tensor1d(gradientAt(w.dataSync(), t));
    optimiser.applyGradients([{ name: w.name, tensor: gradient }]);
  }
  return [...w.dataSync()];
}

function expectClose(found: number[], expected: number[]): void {
  found.forEach((x, i) => expect(x).toBeCloseTo(expected[i], 4));
}

const OPTIONS: AdamOptions[] = [
  { learningRate: 0.001 },
  { learningRate: 0.1 },
  { learningRate: 0.05, beta1: 0.5, beta2: 0.9 },
  { learningRate: 0.05, beta1: 0, beta2: 0.99 },
  { learningRate: 0.05, epsilon: 0.1 },
];

describe('adam', () => {
  it.each(OPTIONS)('follows the paper, end of section 2, for 50 steps: %o', (options) => {
    expectClose(tensorAdam(options), plainAdam(options));
  });

  it.each(OPTIONS.filter(({ epsilon = 0 }) => epsilon < 1e-6))(
    'agrees with tf.train.adam while epsilon is small: %o',
    (options) => expectClose(tensorAdam(options), tfjsAdam(options)),
  );

  it('differs from tf.train.adam in where epsilon stands', () => {
    const options = { learningRate: 0.05, epsilon: 0.1 };
    // tfjs (with a default of 1e-7) follows algorithm 1: there epsilon weighs less early on.
    expectClose(tfjsAdam(options), plainAdam(options, 'algorithm 1'));
    const [ours, theirs] = [tensorAdam(options)[0], tfjsAdam(options)[0]];
    expect(Math.abs(ours - theirs)).toBeGreaterThan(0.01);
  });

  it('moves every parameter by the learning rate in the first step', () => {
    const w = tf.variable(tf.tensor1d([1, 1, 1]));
    adam({ w }, { learningRate: 0.25 }).apply({ w: tf.tensor1d([5, -0.01, 0]) });
    expectClose([...w.dataSync()], [0.75, 1.25, 1]);
  });

  it('keeps moments that decay out of the subnormal numbers, and changes no weight by it', () => {
    const w = tf.variable(tf.tensor1d(START));
    const { variables, apply } = adam({ w }, { learningRate: 0.05 });
    const weights = Float32Array.from(START);
    const [m, v] = [new Float32Array(4), new Float32Array(4)];
    const f = Math.fround;
    let [power1, power2] = [1, 1];
    for (let t = 1; t <= 1200; t++) {
      const gradient = Float32Array.from(START, (x) => (t <= 3 ? x : 0));
      tf.tidy(() => apply({ w: tf.tensor1d(gradient) }));
      // The same in float32, operation by operation, and nothing rounded away.
      [power1, power2] = [f(power1 * f(0.9)), f(power2 * f(0.999))];
      const rate = f(f(f(Math.sqrt(f(1 - power2))) / f(1 - power1)) * f(0.05));
      gradient.forEach((g, i) => {
        m[i] = f(f(m[i] * f(0.9)) + f(g * f(1 - 0.9)));
        v[i] = f(f(v[i] * f(0.999)) + f(f(g * g) * f(1 - 0.999)));
        weights[i] -= f(f(m[i] / f(f(Math.sqrt(v[i])) + f(1e-8))) * rate);
      });
    }
    expect(m[0]).toBeGreaterThan(0);
    expect(m[0]).toBeLessThan(2 ** -126);
    for (const x of variables['adam m'].dataSync()) {
      expect(x === 0 || Math.abs(x) >= 2 ** -126).toBe(true);
    }
    expect([...w.dataSync()]).toEqual([...weights]);
  });

  it('leaves no tensors behind but its variables', () => {
    const w = tf.variable(tf.scalar(1));
    const { numTensors } = tf.memory();
    const { variables, apply } = adam({ w }, { learningRate: 0.1 });
    const gradient = tf.scalar(1);
    tf.tidy(() => apply({ w: gradient }));
    gradient.dispose();
    expect(tf.memory().numTensors - numTensors).toBe(Object.keys(variables).length);
  });

  it('keeps the state of all parameters in one vector, in their order', () => {
    const parameters = { a: tf.variable(tf.scalar(0)), b: tf.variable(tf.zeros([2, 2])) };
    const { variables, apply } = adam(parameters, { learningRate: 0.1 });
    expect(Object.keys(variables)).toEqual(['adam beta1^t', 'adam beta2^t', 'adam m', 'adam v']);
    apply({ b: tf.tensor2d([0, 0, 0, -3], [2, 2]), a: tf.scalar(2) });
    const values = (name: string): number[] => [...variables[name].dataSync()];
    expectClose(values('adam m'), [0.2, 0, 0, 0, -0.3]);
    expectClose(values('adam v'), [0.004, 0, 0, 0, 0.009]);
    expectClose(values('adam beta2^t'), [0.999]);
    expectClose([...parameters.a.dataSync(), ...parameters.b.dataSync()], [-0.1, 0, 0, 0, 0.1]);
  });

  it.each<[Partial<AdamOptions>, string]>([
    [{ learningRate: 0 }, 'adam: learningRate must be > 0, got 0'],
    [{ learningRate: -1e-3 }, 'adam: learningRate must be > 0, got -0.001'],
    [{ learningRate: NaN }, 'adam: learningRate must be > 0, got NaN'],
    [{ learningRate: Infinity }, 'adam: learningRate must be > 0, got Infinity'],
    [{ epsilon: 0 }, 'adam: epsilon must be > 0, got 0'],
    [{ beta1: 1 }, 'adam: beta1 must be in [0, 1), got 1'],
    [{ beta2: -0.1 }, 'adam: beta2 must be in [0, 1), got -0.1'],
  ])('refuses %o', (options, message) => {
    expect(() => adam({}, { learningRate: 0.1, ...options })).toThrow(new RangeError(message));
  });
});
