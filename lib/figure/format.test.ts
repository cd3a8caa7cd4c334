import { describe, expect, it } from 'vitest';
import { formatNumber, roundSignificant } from './format';

describe('formatNumber', () => {
  it.each([
    [0.1592, '0.1592'],
    [0.981, '0.9810'],
    [0.02537, '0.02537'],
    [18750, '18,750'],
    [12345.678, '12,346'],
    [1.5, '1.500'],
    [-0.5, '−0.5000'],
    [0, '0'],
    [-0, '0'],
    [1e-7, '1.000e−7'],
    [-2.5e9 - 0.5, '−2.500e9'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
    [NaN, '–'],
    [null, '–'],
    [undefined, '–'],
  ])('writes %d as %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('takes the number of digits', () => {
    expect(formatNumber(Math.PI, 2)).toBe('3.1');
    expect(formatNumber(Math.PI, 1)).toBe('3');
  });
});

describe('roundSignificant', () => {
  it('keeps whole numbers and what is not finite', () => {
    expect(roundSignificant(18751, 4)).toBe(18751);
    expect(roundSignificant(NaN, 4)).toBeNaN();
    expect(roundSignificant(-Infinity, 4)).toBe(-Infinity);
  });

  it('rounds the rest', () => {
    expect(roundSignificant(0.123456, 4)).toBe(0.1235);
    expect(roundSignificant(-1234.56, 4)).toBe(-1235);
  });
});
