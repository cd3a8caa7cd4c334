import type { Neighbours } from './neighbours';

/**
 * The class of every query by majority vote of the k nearest of its neighbours; among classes with
 * equally many votes, the one that has the nearest item wins. One search serves every k.
 *
 * @param referenceLabels class of each item that was searched in
 * @param k voters, at most as many as were searched for; default: all of them
 * @returns predicted labels, int32, one per query
 * @throws RangeError when k is out of range
 */
export function majorityVotes(
  neighbours: Neighbours,
  referenceLabels: ArrayLike<number>,
  k: number = neighbours.k,
): Int32Array {
  if (!(Number.isInteger(k) && k >= 1 && k <= neighbours.k)) {
    throw new RangeError(
      `majorityVotes: k must be a whole number from 1 to ${neighbours.k}, got ${k}`,
    );
  }
  return Int32Array.from({ length: neighbours.indices.length / neighbours.k }, (_, i) => {
    const first = i * neighbours.k;
    const nearest = neighbours.indices.subarray(first, first + k);
    return majority(Array.from(nearest, (item) => referenceLabels[item]));
  });
}

/** The most frequent label; among equally frequent ones, the first. */
function majority(labels: number[]): number {
  const votes = new Map<number, number>();
  for (const label of labels) votes.set(label, (votes.get(label) ?? 0) + 1);
  // A Map keeps the order of insertion: nearest first.
  let [winner, most] = [labels[0], 0];
  for (const [label, count] of votes) {
    if (count > most) [winner, most] = [label, count];
  }
  return winner;
}
