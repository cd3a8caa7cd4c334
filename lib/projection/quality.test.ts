import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../data/matrix';
import { randomInteger, seededRandom } from '../data/random';
import { isMissing, pythonModule, runPython } from '../data/require-peer';
import { cloud } from './clouds.test-support';
import { continuity, projectedAccuracy, trustworthiness } from './quality';

/** Positions of all other points by distance from point i, by the definition. */
function others({ data, shape: [n, d] }: Matrix, i: number): number[] {
  const distance = (j: number): number => {
    let sum = 0;
    for (let c = 0; c < d; c++) sum += (data[i * d + c] - data[j * d + c]) ** 2;
    return sum;
  };
  return Array.from({ length: n }, (_, j) => j)
    .filter((j) => j !== i)
    .sort((a, b) => distance(a) - distance(b));
}

function byDefinition(points: Matrix, projected: Matrix, k: number): number {
  const n = points.shape[0];
  let excess = 0;
  for (let i = 0; i < n; i++) {
    const truth = others(points, i);
    for (const j of others(projected, i).slice(0, k)) {
      const rank = truth.indexOf(j) + 1;
      if (rank > k) excess += rank - k;
    }
  }
  return 1 - (2 / (n * k * (2 * n - 3 * k - 1))) * excess;
}

describe('trustworthiness', () => {
  it('is 1 for a projection that keeps all neighbours', async () => {
    const points = cloud(60, 2, 1);
    const turned = matrix(
      points.data.map((_, p) => (p % 2 ? 3 * points.data[p - 1] : -3 * points.data[p + 1])),
      [60, 2],
    );
    expect(await trustworthiness(points, turned, 7)).toBe(1);
  });

  it('agrees with plain loops', async () => {
    const random = seededRandom(2);
    for (let trial = 0; trial < 20; trial++) {
      const n = 5 + randomInteger(random, 80);
      const k = 1 + randomInteger(random, Math.ceil(n / 2) - 1);
      const points = cloud(n, 5, trial);
      const projected = matrix(
        Float32Array.from({ length: n * 2 }, (_, p) => points.data[(p >> 1) * 5 + (p % 2)]),
        [n, 2],
      );
      expect(await trustworthiness(points, projected, k)).toBeCloseTo(
        byDefinition(points, projected, k),
        12,
      );
    }
  });

  it('is about a half for positions at random', async () => {
    const value = await trustworthiness(cloud(400, 10, 1), cloud(400, 2, 2), 5);
    expect(value).toBeGreaterThan(0.45);
    expect(value).toBeLessThan(0.55);
  });

  it('names what is wrong', async () => {
    const points = cloud(10, 3, 1);
    await expect(trustworthiness(points, cloud(9, 2, 1), 2)).rejects.toThrow('got 10 and 9');
    await expect(trustworthiness(points, cloud(10, 2, 1), 5)).rejects.toThrow(
      'trustworthiness: k must be a whole number >= 1 and below n / 2 = 5, got 5',
    );
    const broken = matrix(new Float32Array(20).fill(NaN), [10, 2]);
    await expect(trustworthiness(points, broken, 2)).rejects.toThrow(
      'trustworthiness: projected must be finite',
    );
  });
});

describe('continuity', () => {
  /** By the definition: the ranks in the projection of those that are neighbours in truth. */
  function plainContinuity(points: Matrix, projected: Matrix, k: number): number {
    const n = points.shape[0];
    let excess = 0;
    for (let i = 0; i < n; i++) {
      const inProjection = others(projected, i);
      const seen = inProjection.slice(0, k);
      for (const j of others(points, i).slice(0, k)) {
        if (!seen.includes(j)) excess += inProjection.indexOf(j) + 1 - k;
      }
    }
    return 1 - (2 / (n * k * (2 * n - 3 * k - 1))) * excess;
  }

  it('agrees with plain loops, and is the trustworthiness of the way back', async () => {
    const random = seededRandom(3);
    for (let trial = 0; trial < 20; trial++) {
      const n = 5 + randomInteger(random, 80);
      const k = 1 + randomInteger(random, Math.ceil(n / 2) - 1);
      const [points, projected] = [cloud(n, 5, trial), cloud(n, 2, trial + 100)];
      const found = await continuity(points, projected, k);
      // Distances that differ in the last digit of a float32 may change places.
      expect(found).toBeCloseTo(plainContinuity(points, projected, k), 3);
      expect(found).toBe(await trustworthiness(projected, points, k));
    }
  });

  it('falls where a cluster is torn apart, which trustworthiness does not see', async () => {
    const points = cloud(100, 2, 5);
    const torn = matrix(
      points.data.map((value, p) => value + (p % 2 === 0 && value > 0 ? 100 : 0)),
      [100, 2],
    );
    expect(await continuity(points, points, 10)).toBe(1);
    const tornApart = await continuity(points, torn, 10);
    expect(tornApart).toBeLessThan(0.97);
    expect(tornApart).toBeLessThan(await trustworthiness(points, torn, 10));
  });

  it('names what is wrong', async () => {
    const points = cloud(10, 3, 1);
    await expect(continuity(points, cloud(9, 2, 1), 2)).rejects.toThrow(
      'continuity: points and projected must have the same number of rows, got 10 and 9',
    );
    await expect(continuity(points, cloud(10, 2, 1), 5)).rejects.toThrow(
      'continuity: k must be a whole number >= 1 and below n / 2 = 5, got 5',
    );
    const broken = matrix(new Float32Array(20).fill(NaN), [10, 2]);
    await expect(continuity(points, broken, 2)).rejects.toThrow(
      'continuity: projected must be finite',
    );
  });
});

describe('projectedAccuracy', () => {
  it('counts the points whose neighbours agree with their class', async () => {
    const positions = matrix(Float32Array.of(0, 0, 1, 0, 0, 1, 9, 9, 8, 9, 9, 8), [6, 2]);
    expect(await projectedAccuracy(positions, [0, 0, 0, 1, 1, 1], 1)).toBe(1);
    expect(await projectedAccuracy(positions, [0, 0, 1, 1, 1, 1], 2)).toBeCloseTo(5 / 6, 12);
  });
});

describe.skipIf(isMissing(pythonModule('scikit-learn', 'sklearn')))('beside scikit-learn', () => {
  it('gives the same trustworthiness', async () => {
    const points = cloud(200, 6, 3);
    const projected = cloud(200, 2, 4);
    projected.data.forEach((value, p) => {
      projected.data[p] = points.data[(p >> 1) * 6 + (p % 2)] + 0.3 * value;
    });
    const expected = runPython(
      `from sklearn.manifold import trustworthiness
import numpy
rows = lambda values: numpy.array(values, dtype='float64').reshape(200, -1)
result = trustworthiness(rows(data['points']), rows(data['projected']), n_neighbors=12)`,
      { points: [...points.data], projected: [...projected.data] },
    );
    expect(await trustworthiness(points, projected, 12)).toBeCloseTo(expected as number, 10);
  });
});
