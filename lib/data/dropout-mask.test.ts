import { describe, expect, it } from 'vitest';
import { dropoutMask } from './dropout-mask';
import { seededRandom } from './random';

describe('dropoutMask', () => {
  it.each([0.1, 0.5, 0.8])('drops a share of %d and keeps the expectation', (rate) => {
    const mask = dropoutMask([100, 20, 10], rate, seededRandom(1));
    expect(mask).toHaveLength(20_000);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
    const dropped = mask.filter((x) => x === 0).length / mask.length;
    // Five standard deviations.
    expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / 20_000));
  });

  it('comes from the generator alone, one draw for each element', () => {
    const draws = [0.2, 0.5, 0.7, 0.1];
    let next = 0;
    const mask = dropoutMask([2, 2], 0.5, () => draws[next++]);
    expect([...mask]).toEqual([0, 2, 2, 0]);
    expect(next).toBe(4);
    const again = (): Float32Array => dropoutMask([50], 0.5, seededRandom(7, 3));
    expect(again()).toEqual(again());
  });

  it('keeps everything at rate 0', () => {
    expect([...dropoutMask([3], 0, seededRandom(1))]).toEqual([1, 1, 1]);
  });

  it('of a scalar is one number, of an empty shape none', () => {
    expect(dropoutMask([], 0, seededRandom(1))).toHaveLength(1);
    expect(dropoutMask([4, 0], 0.5, seededRandom(1))).toHaveLength(0);
  });

  it.each([1, -0.1, NaN, 2])('refuses the rate %d', (rate) => {
    expect(() => dropoutMask([2], rate, seededRandom(1))).toThrow(
      `dropoutMask: rate must be in [0, 1), got ${rate}`,
    );
  });

  it.each([[[2.5]], [[-1]], [[NaN]]])('refuses the shape [%s]', (shape) => {
    expect(() => dropoutMask(shape, 0.5, seededRandom(1))).toThrow(
      `dropoutMask: shape must be whole numbers >= 0, got [${shape}]`,
    );
  });
});
