import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batchAllLoss } from './batch-all';
import { simplexBound, simplexEdge } from './simplex-bound';

/** `classes` corners of a regular simplex on the unit sphere, each twice: two images a class. */
function simplex(classes: number): { embeddings: tf.Tensor2D; labels: tf.Tensor1D } {
  const corner = (c: number): number[] => {
    const point = Array.from({ length: classes }, (_, i) => (i === c ? 1 : 0) - 1 / classes);
    const length = Math.hypot(...point);
    return point.map((x) => x / length);
  };
  const owners = Array.from({ length: 2 * classes }, (_, i) => i % classes);
  return { embeddings: tf.tensor2d(owners.map(corner)), labels: tf.tensor1d(owners, 'int32') };
}

describe('simplexBound', () => {
  it.each([2, 3, 10, 50])('is what batch_all gives at a simplex of %i classes', (classes) => {
    const { embeddings, labels } = simplex(classes);
    const { loss } = batchAllLoss(embeddings, labels, { margin: 3 });
    expect(loss.dataSync()[0]).toBeCloseTo(simplexBound(3, classes), 5);
  });

  it('is the number of the literature for 10 classes', () => {
    expect(simplexEdge(10)).toBeCloseTo(Math.sqrt(20 / 9), 12);
    expect(simplexBound(3, 10)).toBeCloseTo(1.5093, 4);
  });

  it('is 0 for a margin that fits between the corners', () => {
    expect(simplexBound(1.49, 10)).toBe(0);
    expect(simplexBound(1.5, 10)).toBeGreaterThan(0);
  });

  it('refuses what is not a number of classes', () => {
    for (const classes of [1, 0, 2.5, NaN]) {
      expect(() => simplexBound(1, classes)).toThrow(
        `simplexEdge: classes must be a whole number >= 2, got ${classes}`,
      );
    }
  });
});
