import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { classificationHead } from './classification-head';

afterEach(() => tf.disposeVariables());

describe('classificationHead', () => {
  it('is one dense layer from embeddings to logits', () => {
    const head = classificationHead({ seed: 1 });
    expect(head.inputs[0].shape).toEqual([null, 64]);
    expect(head.outputShape).toEqual([null, 10]);
    const [kernel, bias] = head.getWeights();
    const embeddings = tf.randomNormal([3, 64], 0, 1, 'float32', 2) as tf.Tensor2D;
    const logits = (head.apply(embeddings) as tf.Tensor2D).dataSync();
    const expected = embeddings.matMul(kernel as tf.Tensor2D).dataSync();
    logits.forEach((z, i) => expect(z).toBeCloseTo(expected[i], 5));
    expect([...bias.dataSync()]).toEqual(Array(10).fill(0));
  });

  it('starts Glorot-uniform from its seed', () => {
    const kernel = (seed: number): number[] => [
      ...classificationHead({ seed, dimension: 64, classes: 10 }).getWeights()[0].dataSync(),
    ];
    const limit = Math.sqrt(6 / 74);
    expect(kernel(1)).toEqual(kernel(1));
    expect(kernel(1)).not.toEqual(kernel(2));
    expect(Math.max(...kernel(1).map(Math.abs))).toBeLessThanOrEqual(limit);
    expect(Math.max(...kernel(1).map(Math.abs))).toBeGreaterThan(0.95 * limit);
  });
});
