import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../data/matrix';
import { randomNormal, seededRandom } from '../data/random';
import { projectedAccuracy, trustworthiness } from './quality';
import { umap } from './umap';

/** Three clouds in 8 dimensions that do not touch. */
function clouds(count: number): { points: Matrix; labels: number[] } {
  const random = seededRandom(1);
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const data = Float32Array.from({ length: count * 8 }, (_, p) => {
    const [i, c] = [Math.floor(p / 8), p % 8];
    return randomNormal(random) + (labels[i] === c ? 12 : 0);
  });
  return { points: matrix(data, [count, 8]), labels };
}

const { points, labels } = clouds(150);

describe('umap', () => {
  it('keeps apart what is apart', async () => {
    const projected = await umap(points, { iterations: 100, seed: 1 });
    expect(projected.shape).toEqual([150, 2]);
    expect(projected.data.every(Number.isFinite)).toBe(true);
    expect(await projectedAccuracy(projected, labels)).toBe(1);
    expect(await trustworthiness(points, projected, 10)).toBeGreaterThan(0.9);
  });

  it('is the same for the same seed, and another for another', async () => {
    const options = { iterations: 20, seed: 5 };
    const first = await umap(points, options);
    expect(await umap(points, options)).toEqual(first);
    expect(await umap(points, { ...options, seed: 6 })).not.toEqual(first);
  });

  it('is the same for any number of threads', async () => {
    const options = { iterations: 10, seed: 2 };
    expect(await umap(points, { ...options, threads: 3 })).toEqual(await umap(points, options));
  });

  it('keeps the arrangement of the principal components', async () => {
    // Along a line: A, B and C, the gap between B and C twice as wide.
    const random = seededRandom(3);
    const places = [0, 20, 60];
    const data = Float32Array.from({ length: 150 * 4 }, (_, c) => {
      return randomNormal(random) + (c % 4 === 0 ? places[(c >> 2) % 3] : 0);
    });
    const { data: projected } = await umap(matrix(data, [150, 4]), { iterations: 50 });
    const centres = places.map((_, k) => {
      const own = Array.from({ length: 50 }, (_, i) => projected[2 * (3 * i + k)]);
      return own.reduce((a, b) => a + b) / 50;
    });
    const sorted = [...centres].sort((a, b) => a - b);
    expect([sorted, [...sorted].reverse()]).toContainEqual(centres);
  });

  it('takes duplicates', async () => {
    const twice = matrix(Float32Array.from([...points.data, ...points.data]), [300, 8]);
    const projected = await umap(twice, { iterations: 20, neighbors: 5 });
    expect(projected.data.every(Number.isFinite)).toBe(true);
    const equal = matrix(new Float32Array(40), [20, 2]);
    expect((await umap(equal, { iterations: 5 })).data.every(Number.isFinite)).toBe(true);
    const column = matrix(points.data.slice(0, 100), [100, 1]);
    expect((await umap(column, { iterations: 5 })).data.every(Number.isFinite)).toBe(true);
  });

  it('takes as few points as neighbors + 1', async () => {
    const few = clouds(4).points;
    expect((await umap(few, { neighbors: 3, iterations: 5 })).shape).toEqual([4, 2]);
  });

  it('names what is wrong', async () => {
    const refusal = (options: object, of = points): Promise<unknown> =>
      umap(of, options).catch((error: Error) => error.message);
    expect(await refusal({}, clouds(15).points)).toBe(
      'umap: needs more points than neighbors = 15, got 15',
    );
    expect(await refusal({ neighbors: 1 })).toContain(
      'neighbors must be a whole number >= 2, got 1',
    );
    expect(await refusal({ minDistance: -1 })).toContain('minDistance must be from 0 to 1, got -1');
    expect(await refusal({ minDistance: NaN })).toContain('got NaN');
    expect(await refusal({ iterations: 0 })).toContain(
      'iterations must be a whole number > 0, got 0',
    );
    expect(await refusal({ seed: 0.5 })).toContain('seed must be a whole number, got 0.5');
    const broken = clouds(30).points;
    broken.data[8] = NaN;
    expect(await refusal({}, broken)).toBe(
      'umap: points must be finite, got NaN at row 1, column 0',
    );
  });

  it('reports every step, and stops with the reason of the signal', async () => {
    const steps: number[] = [];
    await umap(points, {
      iterations: 7,
      onProgress: ({ label, done, total }) => {
        if (label === 'UMAP') steps.push(done / total);
      },
    });
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7].map((step) => step / 7));
    const reason = new Error('enough');
    const controller = new AbortController();
    const stopped = umap(points, {
      signal: controller.signal,
      onProgress: ({ label, done }) => {
        if (label === 'UMAP' && done === 3) controller.abort(reason);
        expect(label === 'UMAP' && done > 3).toBe(false);
      },
    });
    await expect(stopped).rejects.toBe(reason);
  });
});
