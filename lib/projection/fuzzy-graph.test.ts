import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { type Neighbours } from '../evaluate/neighbours';
import { cloud, dense, neighboursOf } from './clouds.test-support';
import { fuzzyGraph } from './fuzzy-graph';

/** The graph by its definition, for distances of which none is 0: s by bisection of its logarithm. */
function byDefinition({ indices, distances, k }: Neighbours): number[][] {
  const n = indices.length / k;
  const said = Array.from({ length: n }, (_, i) => {
    const row = Array.from(distances.subarray(i * k, (i + 1) * k));
    const weights = (s: number): number[] => row.map((d) => Math.exp(-(d - row[0]) / s));
    let [low, high] = [-100, 100];
    for (let step = 0; step < 200; step++) {
      const middle = (low + high) / 2;
      const sum = weights(Math.exp(middle)).reduce((a, b) => a + b);
      if (sum > Math.log2(k + 1)) high = middle;
      else low = middle;
    }
    const all = new Array<number>(n).fill(0);
    weights(Math.exp(low)).forEach((p, j) => (all[indices[i * k + j]] = p));
    return all;
  });
  return said.map((row, i) => row.map((p, j) => p + said[j][i] - p * said[j][i]));
}

describe('fuzzyGraph', () => {
  it.each([1e-30, 1e-3, 1, 1e15])('agrees with the definition at scale %d', async (scale) => {
    const neighbours = await neighboursOf(cloud(80, 4, 2, scale), 14);
    const found = dense(fuzzyGraph(neighbours));
    byDefinition(neighbours).forEach((row, i) => {
      row.forEach((p, j) => expect(found[i][j]).toBeCloseTo(p, 5));
    });
  });

  it('is symmetric, and certain of the nearest', async () => {
    const neighbours = await neighboursOf(cloud(200, 3, 3), 9);
    const found = dense(fuzzyGraph(neighbours));
    found.forEach((row, i) => {
      row.forEach((p, j) => {
        expect(p).toBe(found[j][i]);
        expect(p >= 0 && p <= 1).toBe(true);
      });
      expect(row[i]).toBe(0);
      expect(row[neighbours.indices[9 * i]]).toBe(1);
    });
  });

  it('takes duplicates, points that are all equal, and a single neighbour', async () => {
    const few = cloud(10, 3, 4);
    const data = Float32Array.from({ length: 60 * 3 }, (_, c) => few.data[c % 30]);
    const twice = fuzzyGraph(await neighboursOf(matrix(data, [60, 3]), 14));
    expect(twice.values.every((p) => p >= 0 && p <= 1)).toBe(true);
    // Five others are on the place of every point.
    expect(twice.values.filter((p) => p === 1).length).toBeGreaterThanOrEqual(60 * 5);
    const equal = fuzzyGraph(await neighboursOf(matrix(new Float32Array(60), [20, 3]), 5));
    expect(equal.values.every((p) => p === 1)).toBe(true);
    const single = fuzzyGraph(await neighboursOf(cloud(30, 2, 5), 1));
    expect(single.values.every((p) => p === 1)).toBe(true);
  });

  it('refuses distances that overflowed', async () => {
    const neighbours = await neighboursOf(cloud(20, 2, 6), 4);
    neighbours.distances[7] = Infinity;
    expect(() => fuzzyGraph(neighbours)).toThrow(
      'umap: the distances between points are too large for float32',
    );
  });
});
