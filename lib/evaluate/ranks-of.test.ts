import { describe, expect, it } from 'vitest';
import { randomInteger, randomNormal, seededRandom } from '../data/random';
import { ranksOf } from './ranks-of';

/** By sorting everything. */
function byDefinition(distances: Float32Array, items: number[], self: number): number[] {
  const order = Array.from(distances, (_, j) => j).filter((j) => j !== self);
  order.sort((a, b) => distances[a] - distances[b] || a - b);
  return items.map((item) => order.indexOf(item) + 1);
}

describe('ranksOf', () => {
  it('agrees with a sort, ties by position, whatever is asked for', () => {
    const random = seededRandom(4);
    for (let trial = 0; trial < 300; trial++) {
      const n = 2 + randomInteger(random, 60);
      const value = [
        () => Math.abs(randomNormal(random)),
        () => randomInteger(random, 3),
        () => [0, 1e-45, 3.4e38, Infinity][randomInteger(random, 4)],
      ][trial % 3];
      const distances = Float32Array.from({ length: n }, value);
      const self = randomInteger(random, n);
      const items = Array.from({ length: n }, (_, j) => j)
        .filter((j) => j !== self && random() < 0.3)
        .sort(() => random() - 0.5);
      expect([...ranksOf(distances, items, self)]).toEqual(byDefinition(distances, items, self));
    }
  });

  it('has no rank for nothing', () => {
    expect(ranksOf(Float32Array.of(1, 2), [], 0)).toHaveLength(0);
  });
});
