import { describe, expect, it } from 'vitest';
import { randomNormal, seededRandom } from '../data/random';
import { median, pairedRatio, quantile, slope, spread } from './statistics';

describe('quantile', () => {
  it('interpolates between neighbours, as numpy does', () => {
    const values = [7, 1, 3, 10];
    const expected = { 0: 1, 0.1: 1.6, 0.25: 2.5, 0.5: 5, 0.9: 9.1, 1: 10 };
    for (const [q, value] of Object.entries(expected)) {
      expect(quantile(values, Number(q))).toBeCloseTo(value, 12);
    }
  });

  it('is the value itself when there is one', () => {
    expect(spread([4])).toEqual({ median: 4, low: 4, high: 4 });
  });

  it('neither sorts as text nor changes what it is given', () => {
    const values = [100, 9, 20];
    expect(median(values)).toBe(20);
    expect(values).toEqual([100, 9, 20]);
  });

  it('lies between the extremes and grows with q', () => {
    const random = seededRandom(1);
    for (let n = 1; n < 30; n++) {
      const values = Array.from({ length: n }, () => randomNormal(random));
      const { low, median, high } = spread(values);
      const ordered = [Math.min(...values), low, median, high, Math.max(...values)];
      expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
    }
  });

  it('says what it cannot do', () => {
    expect(() => quantile([], 0.5)).toThrow(new RangeError('quantile: values must not be empty'));
    for (const q of [-0.1, 1.1, NaN]) {
      expect(() => quantile([1], q)).toThrow(
        new RangeError(`quantile: q must be in [0, 1], got ${q}`),
      );
    }
  });
});

describe('pairedRatio', () => {
  it('is not moved by what slows both sides down for a round', () => {
    const own = [[1, 1, 1], [50, 50], [1]];
    const peer = [[2, 2], [100, 100, 100], [2]];
    expect(pairedRatio(own, peer)).toBe(2);
  });

  it('is above 1 when the peer takes longer, and turns over with the sides', () => {
    const [own, peer] = [[[2, 3, 4]], [[12, 1, 20]]];
    expect(pairedRatio(own, peer)).toBe(4);
    expect(pairedRatio(peer, own)).toBe(0.25);
  });

  it('takes the rounds that both took part in', () => {
    expect(pairedRatio([[2]], [[6], [1000], [1000]])).toBe(3);
    expect(() => pairedRatio([], [[1]])).toThrow(RangeError);
  });
});

describe('slope', () => {
  it('is that of a straight line', () => {
    expect(slope([3, 5, 7, 9])).toBeCloseTo(2, 12);
    expect(slope([5, 5, 5])).toBe(0);
    expect(slope([4, 1])).toBe(-3);
  });

  it('minimises the squared distances', () => {
    const random = seededRandom(2);
    const values = Array.from({ length: 50 }, (_, i) => 0.3 * i + randomNormal(random));
    const middle = (values.length - 1) / 2;
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    const squares = (by: number): number =>
      values.reduce((sum, value, i) => sum + (value - mean - by * (i - middle)) ** 2, 0);
    const found = slope(values);
    expect(squares(found)).toBeLessThan(squares(found + 1e-3));
    expect(squares(found)).toBeLessThan(squares(found - 1e-3));
  });

  it('needs two values', () => {
    expect(() => slope([1])).toThrow(new RangeError('slope: values must be two or more, got 1'));
  });
});
