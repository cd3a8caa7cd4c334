import { describe, expect, it } from 'vitest';
import { formatTick, linearTicks, logTicks } from './ticks';

describe('linearTicks', () => {
  it('ends where the numbers are closer together than rounding tells apart', () => {
    expect(linearTicks(1 - 2e-16, 1, 5).length).toBeLessThanOrEqual(50);
    expect(linearTicks(1e300, 1e300 + 1e284, 5).length).toBeLessThanOrEqual(50);
    expect(linearTicks(1, 1, 5)).toEqual([]);
  });

  it('gives round numbers within the range', () => {
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(-3, 18939, 5)).toEqual([0, 5000, 10000, 15000]);
    expect(linearTicks(-0.31, 0.31, 6)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
  });

  it('comes near the count asked for, whatever the range', () => {
    for (let k = 0; k < 200; k++) {
      const span = 1.07 ** k * 1e-3;
      const ticks = linearTicks(17, 17 + span, 6);
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      expect(ticks.length).toBeLessThanOrEqual(10);
      for (const tick of ticks) expect(tick >= 17 && tick <= 17 + span).toBe(true);
    }
  });
});

describe('logTicks', () => {
  it('gives powers of ten, and 2 and 5 times them where there is room', () => {
    expect(logTicks(1e-4, 10, 6)).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1, 10]);
    expect(logTicks(0.01, 4, 8)).toEqual([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]);
  });

  it('leaves powers out of a long range and has linear ticks in a short one', () => {
    expect(logTicks(1e-12, 1, 4)).toEqual([1e-12, 1e-9, 1e-6, 1e-3, 1]);
    expect(logTicks(2, 3, 5)).toEqual([2, 2.2, 2.4, 2.6, 2.8, 3]);
  });
});

it('writes ticks shortly', () => {
  expect([0, -0.5, 18750, 0.0001, 1e-7, 2e9].map(formatTick)).toEqual([
    '0',
    '−0.5',
    '18,750',
    '0.0001',
    '1e−7',
    '2e9',
  ]);
});
