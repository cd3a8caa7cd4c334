import { describe, expect, it } from 'vitest';
import { type Matrix, matrix, row } from '../data/matrix';
import { randomInteger, randomNormal, seededRandom } from '../data/random';
import { isMissing, pythonModule, runPython } from '../data/require-peer';
import { silhouette } from './silhouette';

/** Points around a centre for each class; `spread` 0 puts every class on one point. */
function clusters(seed: number, count: number, classes: number, spread: number) {
  const random = seededRandom(seed);
  const labels = Int32Array.from({ length: count }, () => 7 * randomInteger(random, classes) - 3);
  const data = Float32Array.from({ length: count * 4 }, (_, k) => {
    return ((labels[k >> 2] * (1 + (k % 4))) % 5) + spread * randomNormal(random);
  });
  return { points: matrix(data, [count, 4]), labels };
}

/** By definition, in plain loops. */
function byDefinition(points: Matrix, labels: ArrayLike<number>): number {
  const everyone = Array.from(labels, (_, i) => i);
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const widths = everyone.map((i) => {
    const others = (label: number): number[] =>
      everyone
        .filter((j) => labels[j] === label && j !== i)
        .map((j) => Math.hypot(...row(points, i).map((x, c) => x - row(points, j)[c])));
    const own = others(labels[i]);
    if (own.length === 0) return 0;
    const elsewhere = [...new Set(Array.from(labels))].filter((label) => label !== labels[i]);
    const nearest = Math.min(...elsewhere.map((label) => mean(others(label))));
    return (nearest - mean(own)) / Math.max(nearest, mean(own));
  });
  return mean(widths);
}

describe('silhouette', () => {
  it('agrees with plain loops, from tight clusters to mere noise', async () => {
    for (const [spread, count, classes] of [
      [0.05, 40, 3],
      [1, 150, 5],
      [100, 90, 4],
    ]) {
      const { points, labels } = clusters(1, count, classes, spread);
      expect(await silhouette(points, labels)).toBeCloseTo(byDefinition(points, labels), 6);
    }
  });

  it('is 1 for classes on separate points and 0 for all on one', async () => {
    const { points, labels } = clusters(2, 30, 2, 0);
    expect(await silhouette(points, labels)).toBe(1);
    const heap = matrix(new Float32Array(40).fill(3), [10, 4]);
    expect(await silhouette(heap, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])).toBe(0);
  });

  it('changes neither with the scale nor with the place of the points', async () => {
    const { points, labels } = clusters(3, 60, 3, 0.7);
    const moved = matrix(
      points.data.map((x) => 20 * x + 3),
      points.shape,
    );
    expect(await silhouette(moved, labels)).toBeCloseTo(await silhouette(points, labels), 5);
  });

  it('counts the only item of a class as 0', async () => {
    const points = matrix(Float32Array.of(0, 1, 5), [3, 1]);
    // s(0) = (5 - 1) / 5, s(1) = (4 - 1) / 4.
    expect(await silhouette(points, [0, 0, 1])).toBeCloseTo((4 / 5 + 3 / 4 + 0) / 3, 12);
    expect(await silhouette(points, [0, 1, 2])).toBe(0);
  });

  it('names what is wrong', async () => {
    const { points } = clusters(4, 3, 2, 1);
    await expect(silhouette(points, [1, 1, 1])).rejects.toThrow(
      'silhouette: labels must be of 2 classes or more, got 1',
    );
    await expect(silhouette(points, [1, 2])).rejects.toThrow(
      'silhouette: query must have a label for each of its 3 rows, got 2',
    );
    await expect(silhouette(matrix(Float32Array.of(1, NaN), [2, 1]), [0, 1])).rejects.toThrow(
      'got NaN at row 1',
    );
    const reason = new Error('enough');
    const aborted = silhouette(points, [0, 1, 1], { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
  });
});

describe.skipIf(isMissing(pythonModule('scikit-learn', 'sklearn')))('beside scikit-learn', () => {
  it('has the same width, over several blocks of rows', async () => {
    for (const spread of [0.2, 2]) {
      const { points, labels } = clusters(5, 500, 6, spread);
      const expected = runPython(
        `from sklearn.metrics import silhouette_score
result = float(silhouette_score(data['points'], data['labels']))`,
        {
          points: Array.from(labels, (_, i) => [...row(points, i)]),
          labels: [...labels],
        },
      );
      expect(await silhouette(points, labels)).toBeCloseTo(expected as number, 6);
    }
  });
});
