import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { BATCHES, randomBatch } from './batches.test-support';
import { pairwiseDistances } from './distances';
import { plainDistances, plainGradient, type Points } from './plain-loops.test-support';

function distances(points: Points, squared?: boolean): Points {
  return tf.tidy(() => pairwiseDistances(tf.tensor2d(points), { squared }).arraySync());
}

/** The gradient of sum(weights * distances) by the points. */
function gradient(points: Points, weights: Points, squared: boolean): Points {
  return tf.tidy(() =>
    tf
      .grad((x) =>
        pairwiseDistances(x as tf.Tensor2D, { squared })
          .mul(tf.tensor2d(weights))
          .sum(),
      )(tf.tensor2d(points))
      .arraySync(),
  ) as Points;
}

describe.each(Object.entries(BATCHES))('pairwiseDistances: %s', (_, { points }) => {
  it.each([true, false])('is what the definition says (squared %s)', (squared) => {
    const expected = plainDistances(points, squared);
    distances(points, squared).forEach((row, i) =>
      // Through the Gram matrix an error of 1e-7 |a|^2 is left, of which the root may be taken.
      row.forEach((d, j) => expect(d).toBeCloseTo(expected[i][j], 4)),
    );
  });

  it.each([true, false])(
    'is symmetric, never negative, exactly 0 to itself (squared %s)',
    (squared) => {
      const found = distances(points, squared);
      found.forEach((row, i) => {
        expect(row[i]).toBe(0);
        row.forEach((d, j) => {
          expect(d).toBeGreaterThanOrEqual(0);
          expect(d).toBe(found[j][i]);
        });
      });
    },
  );

  it.each([true, false])('has finite gradients (squared %s)', (squared) => {
    const ones = points.map(() => points.map(() => 1));
    expect(gradient(points, ones, squared).flat().every(Number.isFinite)).toBe(true);
  });
});

describe('pairwiseDistances', () => {
  it('is not squared unless asked for', () => {
    expect(
      distances([
        [0, 0],
        [3, 4],
      ]),
    ).toEqual([
      [0, 5],
      [5, 0],
    ]);
    expect(
      distances(
        [
          [0, 0],
          [3, 4],
        ],
        true,
      ),
    ).toEqual([
      [0, 25],
      [25, 0],
    ]);
  });

  it.each([true, false])(
    'has the gradient that finite differences give (squared %s)',
    (squared) => {
      const { points } = randomBatch(11, 6, 3);
      const weights = randomBatch(12, 6, 6).points;
      const weighted = (at: Points): number =>
        plainDistances(at, squared)
          .flatMap((row, i) => row.map((d, j) => d * weights[i][j]))
          .reduce((a, b) => a + b);
      const expected = plainGradient(weighted, points).flat();
      const found = gradient(points, weights, squared).flat();
      found.forEach((g, i) => expect(g).toBeCloseTo(expected[i], 4));
    },
  );

  it('has the gradient 0 between equal points, where the root has none', () => {
    const ones = [
      [0, 1],
      [1, 0],
    ];
    expect(
      gradient(
        [
          [1, 2],
          [1, 2],
        ],
        ones,
        false,
      ),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('stays exact to rounding for points far from the origin', () => {
    const { points } = randomBatch(13, 8, 4);
    const far = points.map((point) => point.map((x) => Math.fround(x + 100)));
    const expected = plainDistances(far, false);
    // |a|^2 = 40,000: its float32 spacing of 0.004 is the error of a squared distance.
    distances(far).forEach((row, i) =>
      row.forEach((d, j) => expect(Math.abs(d ** 2 - expected[i][j] ** 2)).toBeLessThan(0.02)),
    );
  });

  it('refuses what is not a matrix', () => {
    const vector = tf.tensor1d([1, 2, 3]) as unknown as tf.Tensor2D;
    expect(() => pairwiseDistances(vector)).toThrow(
      new RangeError('pairwiseDistances: embeddings must be [batch, dimension], got [3]'),
    );
  });
});
