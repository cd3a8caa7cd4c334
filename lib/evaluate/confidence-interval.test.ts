import { describe, expect, it } from 'vitest';
import { randomNormal, seededRandom } from '../data/random';
import { isMissing, pythonModule, runPython } from '../data/require-peer';
import { confidenceInterval } from './confidence-interval';

describe('confidenceInterval', () => {
  it('has the bounds of the published tables', () => {
    // Of 1, ..., n: mean (n + 1) / 2; t of 1, 2, 9 and 30 degrees of freedom at 95 %.
    for (const [n, t] of [
      [2, 12.7062],
      [3, 4.30265],
      [10, 2.26216],
      [31, 2.04227],
    ]) {
      const values = Array.from({ length: n }, (_, i) => i + 1);
      const { mean, low, high, count } = confidenceInterval(values);
      const error = Math.sqrt((n * (n + 1)) / 12 / n);
      expect([mean, count]).toEqual([(n + 1) / 2, n]);
      expect((high - mean) / error).toBeCloseTo(t, 4);
      expect((mean - low) / error).toBeCloseTo(t, 4);
    }
  });

  it('holds the true mean as often as it says', () => {
    const random = seededRandom(1);
    for (const level of [0.5, 0.9]) {
      let held = 0;
      const trials = 4000;
      for (let trial = 0; trial < trials; trial++) {
        const values = Array.from({ length: 3 }, () => 5 + 2 * randomNormal(random));
        const { low, high } = confidenceInterval(values, level);
        if (low <= 5 && 5 <= high) held++;
      }
      expect(Math.abs(held / trials - level)).toBeLessThan(0.03);
    }
  });

  it('has no bounds where nothing was repeated, and leaves out what is NaN', () => {
    expect(confidenceInterval([2])).toEqual({ mean: 2, low: NaN, high: NaN, count: 1 });
    expect(confidenceInterval([])).toEqual({ mean: NaN, low: NaN, high: NaN, count: 0 });
    expect(confidenceInterval([1, NaN, 2, 3])).toEqual(confidenceInterval([1, 2, 3]));
    expect(confidenceInterval([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2, count: 3 });
  });

  it.each([0, 1, -1, 95, NaN])('refuses a level of %s', (level) => {
    expect(() => confidenceInterval([1, 2], level)).toThrow(
      `confidenceInterval: level must be between 0 and 1, got ${level}`,
    );
  });
});

const scipy = pythonModule('SciPy', 'scipy');
it.skipIf(isMissing(scipy))('agrees with SciPy', () => {
  const random = seededRandom(2);
  const samples = [2, 3, 4, 5, 8, 13, 60].map((n) => Array.from({ length: n }, random));
  const levels = [0.5, 0.95, 0.999];
  const script = `
from scipy import stats
result = [[list(stats.t.interval(level, len(x) - 1, sum(x) / len(x), stats.sem(x)))
           for level in data['levels']] for x in data['samples']]`;
  const expected = runPython(script, { samples, levels }) as number[][][];
  samples.forEach((sample, i) =>
    levels.forEach((level, j) => {
      const { low, high } = confidenceInterval(sample, level);
      const relative = [low, high].map((bound, k) => Math.abs(bound / expected[i][j][k] - 1));
      expect(Math.max(...relative)).toBeLessThan(1e-7);
    }),
  );
});
