import { describe, expect, it } from 'vitest';
import { majorityVotes } from './neighbour-votes';

describe('majorityVotes', () => {
  const neighbours = {
    indices: Int32Array.of(0, 1, 2, 3, 3, 2, 1, 0),
    distances: new Float32Array(8),
    k: 4,
  };
  const labels = [7, 8, 8, 7];

  it('takes the majority of the nearest k, and the nearest where votes are equal', () => {
    const votes = (k?: number): number[] => [...majorityVotes(neighbours, labels, k)];
    expect(votes(1)).toEqual([7, 7]);
    expect(votes(2)).toEqual([7, 7]);
    expect(votes(3)).toEqual([8, 8]);
    expect(votes()).toEqual([7, 7]);
  });

  it.each([0, 5, 1.5, NaN])('refuses k = %d', (k) => {
    expect(() => majorityVotes(neighbours, labels, k)).toThrow(
      `majorityVotes: k must be a whole number from 1 to 4, got ${k}`,
    );
  });
});
