import { describe, expect, it } from 'vitest';
import { randomInteger, randomNormal, seededRandom } from '../data/random';
import { createRanking } from './ranking';

function byDefinition(distances: Float32Array): Int32Array {
  const positions = Array.from(distances, (_, i) => i);
  return Int32Array.from(positions.sort((a, b) => distances[a] - distances[b] || a - b));
}

describe('createRanking', () => {
  it('sorts like a comparison sort, ties by position', () => {
    const random = seededRandom(2);
    for (let trial = 0; trial < 200; trial++) {
      const n = randomInteger(random, 400);
      const values = [
        () => Math.abs(randomNormal(random)),
        () => randomInteger(random, 4),
        () => 10 ** (60 * random() - 30),
        () => [0, 1e-45, 1.17e-38, 3.4e38, Infinity][randomInteger(random, 5)],
      ][trial % 4];
      const distances = Float32Array.from({ length: n }, values);
      expect(createRanking(n)(distances)).toEqual(byDefinition(distances));
    }
  });

  it('can be used again, on a view into a larger buffer', () => {
    const rank = createRanking(3);
    expect([...rank(Float32Array.of(3, 1, 2))]).toEqual([1, 2, 0]);
    expect([...rank(Float32Array.of(0, 9, 5, 7).subarray(1))]).toEqual([1, 2, 0]);
  });
});
