import { describe, expect, it } from 'vitest';
import { randomNormal, seededRandom } from '../data/random';
import { smooth } from './smooth';

/** TensorBoard's loop, written out: the weights of all earlier values, newest first. */
function weightedMean(values: number[], factor: number): number[] {
  return values.map((_, t) => {
    let sum = 0;
    let weights = 0;
    for (let k = 0; k <= t; k++) {
      if (!Number.isFinite(values[k])) continue;
      const age = values.slice(k + 1, t + 1).filter(Number.isFinite).length;
      sum += factor ** age * values[k];
      weights += factor ** age;
    }
    return Number.isFinite(values[t]) ? sum / weights : values[t];
  });
}

describe('smooth', () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 200 }, (_, i) => 5 / (i + 1) + randomNormal(random));

  it.each([0, 0.3, 0.9, 0.999])(
    'is the weighted mean of the values so far, factor %f',
    (factor) => {
      const smoothed = smooth(values, factor);
      weightedMean(values, factor).forEach((expected, i) => {
        expect(smoothed[i]).toBeCloseTo(expected, 9);
      });
    },
  );

  it('leaves values as they are for factor 0, and a constant for any factor', () => {
    expect([...smooth(values, 0)]).toEqual(values);
    smooth(new Float32Array(50).fill(0.25), 0.99).forEach((v) => expect(v).toBeCloseTo(0.25, 12));
  });

  it('passes over values that are not finite', () => {
    const gaps = [1, NaN, 3, Infinity, 5];
    const smoothed = smooth(gaps, 0.5);
    weightedMean(gaps, 0.5).forEach((expected, i) => expect(smoothed[i]).toEqual(expected));
  });

  it('takes any length', () => {
    expect(smooth([], 0.5)).toHaveLength(0);
    expect([...smooth([7], 0.9)][0]).toBeCloseTo(7, 12);
  });

  it.each([1, -0.1, NaN])('rejects factor %f', (factor) => {
    expect(() => smooth([1], factor)).toThrow(`smooth: factor must be at least 0 and below 1`);
  });
});
