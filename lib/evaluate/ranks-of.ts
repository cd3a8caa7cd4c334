/**
 * The ranks of some items among all by distance, from 1 for the nearest; of equally far ones the
 * smaller position comes first. One pass over the distances: what is farther than all of these items
 * costs one comparison.
 *
 * @param distances of all items, without NaN
 * @param items positions of those that are asked for, without repetition
 * @param self the position of the item that the distances are measured from: it has no rank, and is
 *   not among `items`
 * @returns the ranks, in the order of `items`
 */
export function ranksOf(
  distances: Float32Array,
  items: ArrayLike<number>,
  self: number,
): Int32Array {
  const isBefore = (a: number, b: number): boolean =>
    distances[a] < distances[b] || (distances[a] === distances[b] && a < b);
  const places = Int32Array.from(items, (_, place) => place);
  places.sort((a, b) => (isBefore(items[a], items[b]) ? -1 : 1));
  // added[p]: how many items come before the p-th of those asked for, and not before those nearer.
  const added = new Int32Array(places.length + 1);
  const farthest = distances[items[places[places.length - 1]]];
  for (let j = 0; j < distances.length; j++) {
    if (distances[j] > farthest || j === self) continue;
    let p = 0;
    while (p < places.length && isBefore(items[places[p]], j)) p++;
    added[p]++;
  }
  const ranks = new Int32Array(places.length);
  let rank = 0;
  places.forEach((place, p) => {
    rank += added[p];
    ranks[place] = rank;
  });
  return ranks;
}
