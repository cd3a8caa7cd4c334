import { describe, expect, it } from 'vitest';
import { closenessCurve } from './closeness-curve';

/** The sum of squared residuals, by the definition. */
function squares(a: number, b: number, minDistance: number): number {
  let sum = 0;
  for (let i = 0; i < 300; i++) {
    const d = (3 * i) / 299;
    const wanted = d < minDistance ? 1 : Math.exp(minDistance - d);
    sum += (wanted - 1 / (1 + a * d ** (2 * b))) ** 2;
  }
  return sum;
}

describe('closenessCurve', () => {
  it.each([
    [0, 1.9328084, 0.79049497],
    [0.1, 1.57694346, 0.89506088],
    [0.25, 1.12143634, 1.05749988],
    [0.5, 0.58303002, 1.33416699],
    [0.8, 0.23206273, 1.6812316],
    [1, 0.11497568, 1.92923715],
  ])("is the one that scipy's curve_fit finds for %d", (minDistance, a, b) => {
    const found = closenessCurve(minDistance);
    expect(found.a).toBeCloseTo(a, 5);
    expect(found.b).toBeCloseTo(b, 5);
  });

  it('is the closest', () => {
    for (let minDistance = 0; minDistance <= 1; minDistance += 0.05) {
      const { a, b } = closenessCurve(minDistance);
      const least = squares(a, b, minDistance);
      for (const [da, db] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
        [1, 1],
        [1, -1],
      ]) {
        expect(squares(a + 1e-3 * da, b + 1e-3 * db, minDistance)).toBeGreaterThan(least);
      }
    }
  });
});
