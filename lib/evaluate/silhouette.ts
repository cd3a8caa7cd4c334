import type { Matrix } from '../data/matrix';
import { type ComparisonOptions, distanceRows } from './distance-rows';
import { comparison } from './labelled-embeddings';

/**
 * The mean silhouette width: how much nearer items lie to their own class than to the next one. With
 * a(i) the mean distance (Euclidean) of item i to the others of its class, and b(i) the least mean
 * distance to the items of another class,
 *
 *   s(i) = (b(i) - a(i)) / max(a(i), b(i)),   0 for the only item of a class
 *
 * averaged over all items: 1 is best, below 0 most items lie nearer to another class. Exact: takes
 * O(n^2) time, and memory for a block of rows. Source: Rousseeuw 1987.
 *
 * @param points one row per item
 * @param labels class of each row, whole numbers; length = number of rows
 * @returns in [-1, 1]
 * @throws RangeError when the input is malformed (labels, NaN) or there are fewer than 2 classes; the
 *   signal's reason when it aborts
 */
export async function silhouette(
  points: Matrix,
  labels: ArrayLike<number>,
  options: ComparisonOptions = {},
): Promise<number> {
  const { query, queryLabels } = comparison('silhouette', { embeddings: points, labels });
  const { classOf, sizes } = numberedClasses(queryLabels);
  if (sizes.length < 2) {
    throw new RangeError(`silhouette: labels must be of 2 classes or more, got ${sizes.length}`);
  }
  const sums = new Float64Array(sizes.length);
  let total = 0;
  for await (const { index, distances } of distanceRows(query, query, 'silhouette', options)) {
    sums.fill(0);
    for (let j = 0; j < distances.length; j++) sums[classOf[j]] += distances[j];
    total += width(sums, sizes, classOf[index]);
  }
  return total / queryLabels.length;
}

/** The classes numbered from 0 in the order in which they come up, and their sizes. */
function numberedClasses(labels: Int32Array): { classOf: Int32Array; sizes: number[] } {
  const numbers = new Map<number, number>();
  const sizes: number[] = [];
  const classOf = labels.map((label) => {
    const number = numbers.get(label) ?? numbers.size;
    numbers.set(label, number);
    sizes[number] = (sizes[number] ?? 0) + 1;
    return number;
  });
  return { classOf, sizes };
}

/** The silhouette width of an item of class `own`, from its sums of distances to every class. */
function width(sums: Float64Array, sizes: number[], own: number): number {
  if (sizes[own] === 1) return 0;
  let nearest = Infinity;
  for (let c = 0; c < sizes.length; c++) {
    if (c !== own) nearest = Math.min(nearest, sums[c] / sizes[c]);
  }
  const within = sums[own] / (sizes[own] - 1);
  const larger = Math.max(within, nearest);
  // All items on one point are no nearer to one class than to another.
  return larger === 0 ? 0 : (nearest - within) / larger;
}
