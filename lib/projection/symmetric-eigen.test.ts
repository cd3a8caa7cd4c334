import { describe, expect, it } from 'vitest';
import { randomInteger, randomNormal, seededRandom } from '../data/random';
import { symmetricEigen } from './symmetric-eigen';

function symmetric(n: number, entry: (i: number, j: number) => number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) a[i * n + j] = a[j * n + i] = entry(i, j);
  }
  return a;
}

/** Checks all that defines the answer: A v = lambda v, v orthonormal, lambda descending. */
function expectEigen(a: Float64Array, n: number): Float64Array {
  const before = a.slice();
  const { values, vectors } = symmetricEigen(a, n);
  expect(a).toEqual(before);
  const scale = a.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) * n;
  let worstEquation = 0;
  let worstProduct = 0;
  for (let v = 0; v < n; v++) {
    if (v > 0) expect(values[v]).toBeLessThanOrEqual(values[v - 1]);
    for (let i = 0; i < n; i++) {
      let av = 0;
      let product = 0;
      for (let j = 0; j < n; j++) {
        av += a[i * n + j] * vectors[v * n + j];
        product += vectors[i * n + j] * vectors[v * n + j];
      }
      worstEquation = Math.max(worstEquation, Math.abs(av - values[v] * vectors[v * n + i]));
      worstProduct = Math.max(worstProduct, Math.abs(product - Number(i === v)));
    }
  }
  expect(worstEquation).toBeLessThanOrEqual(1e-13 * scale);
  expect(worstProduct).toBeLessThan(1e-12);
  return values;
}

describe('symmetricEigen', () => {
  it('solves small matrices that are known', () => {
    expect([...symmetricEigen(Float64Array.of(-7), 1).values]).toEqual([-7]);
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect(values[0]).toBeCloseTo(3, 14);
    expect(values[1]).toBeCloseTo(1, 14);
    expect(Math.abs(vectors[0])).toBeCloseTo(Math.SQRT1_2, 14);
    expect(vectors[0]).toBeCloseTo(vectors[1], 14);
    // The path graph's second-difference matrix: 2 - 2 cos(pi k / (n + 1)).
    const n = 12;
    const difference = symmetric(n, (i, j) => (i === j ? 2 : j - i === 1 ? -1 : 0));
    expectEigen(difference, n).forEach((value, i) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (n - i)) / (n + 1)), 12);
    });
  });

  it('satisfies the definition for random matrices', () => {
    const random = seededRandom(1);
    for (let trial = 0; trial < 60; trial++) {
      const n = 1 + randomInteger(random, 40);
      const scale = 10 ** (40 * random() - 20);
      expectEigen(
        symmetric(n, () => scale * randomNormal(random)),
        n,
      );
    }
  });

  it('survives matrices that are hard on it', () => {
    const random = seededRandom(2);
    const x = Array.from({ length: 30 }, () => randomNormal(random));
    const cases: ((i: number, j: number) => number)[] = [
      () => 0,
      () => 1,
      (i, j) => Number(i === j),
      (i, j) => (i === j ? i % 3 : 0),
      (i, j) => x[i] * x[j],
      (i, j) => 1 / (i + j + 1),
      (i, j) => 10 ** -(i + j),
      (i, j) => (i === 3 || j === 3 || i === j ? 1 : 0),
      (i, j) => (i < 15 === j < 15 ? x[(i * j) % 30] : 0),
      (i, j) => (j - i === 1 ? 1 : 0),
      (i, j) => 1e-140 * x[(i + j) % 30],
    ];
    for (const entry of cases) expectEigen(symmetric(30, entry), 30);
  });

  it('keeps the trace of a matrix of many columns', () => {
    const random = seededRandom(3);
    const a = symmetric(120, () => randomNormal(random));
    const trace = Array.from({ length: 120 }, (_, i) => a[i * 120 + i]).reduce((s, v) => s + v, 0);
    expect(expectEigen(a, 120).reduce((s, v) => s + v, 0)).toBeCloseTo(trace, 10);
  });
});
