import { describe, expect, it } from 'vitest';
import { matrix, type Matrix } from '../data/matrix';
import { isMissing, pythonModule, runPython } from '../data/require-peer';
import { randomNormal, seededRandom } from '../data/random';
import { alignEpochs, procrustes } from './procrustes';

function cloud(n: number, seed: number, [width, height] = [3, 1]): Matrix {
  const random = seededRandom(seed);
  const data = Float32Array.from(
    { length: 2 * n },
    (_, k) => 5 + (k % 2 ? height : width) * randomNormal(random),
  );
  return matrix(data, [n, 2]);
}

/** Turned by `angle`, mirrored before if asked, scaled and moved. */
function moved({ data, shape }: Matrix, angle: number, mirror: boolean, scale: number): Matrix {
  const out = new Float32Array(data.length);
  for (let i = 0; i < shape[0]; i++) {
    const x = mirror ? -data[2 * i] : data[2 * i];
    const y = data[2 * i + 1];
    out[2 * i] = scale * (Math.cos(angle) * x - Math.sin(angle) * y) - 40;
    out[2 * i + 1] = scale * (Math.sin(angle) * x + Math.cos(angle) * y) + 7;
  }
  return matrix(out, shape);
}

function farthest(a: Matrix, b: Matrix): number {
  let most = 0;
  for (let i = 0; i < a.data.length; i++) most = Math.max(most, Math.abs(a.data[i] - b.data[i]));
  return most;
}

/** The sum of squared distances between corresponding points. */
function misfit(a: Matrix, b: Matrix): number {
  return a.data.reduce((sum, value, i) => sum + (value - b.data[i]) ** 2, 0);
}

describe('procrustes', () => {
  const original = cloud(200, 1);

  it.each([0, 0.3, 1.6, Math.PI, -2.5].flatMap((angle) => [true, false].map((m) => [angle, m])))(
    'brings a copy turned by %d (mirrored: %s) back onto the original',
    (angle, mirror) => {
      for (const scale of [0.01, 1, 30]) {
        const copy = moved(original, Number(angle), Boolean(mirror), scale);
        expect(farthest(procrustes(copy, original), original)).toBeLessThan(1e-3);
      }
    },
  );

  it('is no worse than any other turn or reflection of noisy points', () => {
    const noise = cloud(200, 2, [1, 1]);
    const noisy = matrix(
      moved(original, 1, true, 2).data.map((value, i) => value + noise.data[i]),
      [200, 2],
    );
    const best = procrustes(noisy, original);
    const least = misfit(best, original);
    // Means and size fit already; only the turn about the mean is left to choose.
    const centre = [mean(best, 0), mean(best, 1)];
    const centred = matrix(
      best.data.map((value, i) => value - centre[i % 2]),
      [200, 2],
    );
    for (let degrees = 0; degrees < 360; degrees += 3) {
      for (const mirror of [true, false]) {
        const turned = moved(centred, (degrees * Math.PI) / 180, mirror, 1);
        // `moved` also moves by (-40, 7).
        const placed = turned.data.map((value, i) => value + [40, -7][i % 2] + centre[i % 2]);
        expect(least).toBeLessThan(misfit(matrix(placed, [200, 2]), original) + 1e-2);
      }
    }
  });

  it('puts a cloud of one place on the mean, and keeps nothing as nothing', () => {
    const heap = matrix(new Float32Array(400).fill(3), [200, 2]);
    const placed = procrustes(heap, original);
    expect(placed.data[0]).toBeCloseTo(mean(original, 0), 4);
    expect(placed.data[399]).toBeCloseTo(mean(original, 1), 4);
    expect(procrustes(original, heap).data.every((value) => value === 3)).toBe(true);
    expect(procrustes(cloud(0, 1), cloud(0, 1)).shape).toEqual([0, 2]);
  });

  it('names what is wrong', () => {
    expect(() => procrustes(original, cloud(9, 1))).toThrow(
      'procrustes: points and target must both be n x 2, got 200 x 2 and 9 x 2',
    );
    const flat = matrix(new Float32Array(6), [2, 3]);
    expect(() => procrustes(flat, flat)).toThrow('got 2 x 3 and 2 x 3');
    const hole = matrix(Float32Array.of(0, 0, NaN, 1), [2, 2]);
    expect(() => procrustes(hole, cloud(2, 1))).toThrow('points must be finite, got NaN at row 1');
  });

  const scipy = pythonModule('SciPy', 'scipy.linalg');
  it.skipIf(isMissing(scipy))('turns as scipy.linalg.orthogonal_procrustes does', () => {
    const target = cloud(50, 4, [1, 2]);
    const points = cloud(50, 5);
    const expected = runPython(
      `import numpy as np
from scipy.linalg import orthogonal_procrustes
a, b = (np.array(data[k]).reshape(-1, 2) for k in 'ab')
a, b, m = a - a.mean(0), b - b.mean(0), b.mean(0)
r, _ = orthogonal_procrustes(a, b)
result = (a @ r * np.linalg.norm(b) / np.linalg.norm(a) + m).ravel().tolist()`,
      { a: [...points.data], b: [...target.data] },
    ) as number[];
    const ours = procrustes(points, target);
    expect(farthest(ours, matrix(Float32Array.from(expected), [50, 2]))).toBeLessThan(1e-4);
  });
});

function mean({ data, shape }: Matrix, axis: number): number {
  return data.reduce((sum, value, i) => (i % 2 === axis ? sum + value : sum), 0) / shape[0];
}

describe('alignEpochs', () => {
  it('undoes what turned from epoch to epoch, and leaves the last where it is', () => {
    const last = cloud(100, 3);
    const epochs = [0, 1, 2, 3].map((k) => ({
      label: `epoch ${k}`,
      points: k === 3 ? last : moved(last, k + 0.5, k % 2 === 0, 1 + k),
    }));
    const aligned = alignEpochs(epochs);
    expect(aligned.map(({ label }) => label)).toEqual(epochs.map(({ label }) => label));
    expect(aligned[3]).toBe(epochs[3]);
    for (const { points } of aligned) expect(farthest(points, last)).toBeLessThan(1e-3);
    expect(alignEpochs([])).toEqual([]);
  });
});
