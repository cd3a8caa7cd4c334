import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { lossAndGradients } from './gradients';

afterEach(() => tf.disposeVariables());

describe('lossAndGradients', () => {
  it('evaluates the objective, and derives its loss by every parameter', () => {
    const [a, b] = [tf.variable(tf.scalar(3)), tf.variable(tf.tensor1d([1, 2]))];
    const { outputs, gradients } = lossAndGradients(
      () => ({ loss: a.square().mul(b.sum()) as tf.Scalar, sum: b.sum() }),
      { a, b },
    );
    expect(outputs.loss.dataSync()[0]).toBe(27);
    expect(outputs.sum.dataSync()[0]).toBe(3);
    expect([...gradients.a.dataSync()]).toEqual([18]);
    expect([...gradients.b.dataSync()]).toEqual([9, 9]);
  });

  it('leaves nothing behind that a tidy does not take away', () => {
    const w = tf.variable(tf.scalar(3));
    const { numTensors } = tf.memory();
    tf.tidy(() => {
      lossAndGradients(() => ({ loss: w.square() as tf.Scalar, w, twice: w.mul(2) }), { w });
    });
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(w.dataSync()[0]).toBe(3);
  });
});
