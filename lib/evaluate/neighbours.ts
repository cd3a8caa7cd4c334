import type { Matrix } from '../data/matrix';
import { type ComparisonOptions, distanceRows, requireComparable } from './distance-rows';

/** The nearest reference rows of every query row. */
export interface Neighbours {
  /** Reference rows, nearest first; int32, row-major [queries, k]. */
  indices: Int32Array;
  /** Their Euclidean distances, ascending; float32, row-major [queries, k]. */
  distances: Float32Array;
  /** Neighbours per query row. */
  k: number;
}

/** Options of `nearestNeighbours`. */
export interface NeighbourOptions extends ComparisonOptions {
  /**
   * Whether query row i is not its own neighbour, where query and reference are the same matrix.
   * Default: false.
   */
  excludeSelf?: boolean;
}

/**
 * The k nearest rows of `reference` for every row of `query`, exactly, by Euclidean distance in
 * float32; ties go to the smaller index. Takes O(queries * references * columns) time, and memory
 * for a block of distances.
 *
 * @param k neighbours per query row, at most the number of reference rows (less one with
 *   excludeSelf)
 * @throws RangeError when k is out of range, the columns differ, or a value is NaN or infinite; the
 *   signal's reason when it aborts
 */
export async function nearestNeighbours(
  query: Matrix,
  reference: Matrix,
  k: number,
  options: NeighbourOptions = {},
): Promise<Neighbours> {
  const { excludeSelf = false } = options;
  requireComparable('nearestNeighbours', query, reference);
  if (excludeSelf && query.data !== reference.data) {
    throw new RangeError('nearestNeighbours: excludeSelf needs query and reference to be the same');
  }
  const available = reference.shape[0] - (excludeSelf ? 1 : 0);
  if (!(Number.isInteger(k) && k >= 1 && k <= available)) {
    throw new RangeError(
      `nearestNeighbours: k must be a whole number from 1 to ${available}, got ${k}`,
    );
  }
  const indices = new Int32Array(query.shape[0] * k);
  const distances = new Float32Array(query.shape[0] * k);
  for await (const row of distanceRows(query, reference, 'nearest neighbours', options)) {
    const from = row.index * k;
    selectNearest(
      row.distances,
      excludeSelf ? row.index : -1,
      indices.subarray(from, from + k),
      distances.subarray(from, from + k),
    );
  }
  return { indices, distances, k };
}

/** Inserts every candidate but `skip` into the sorted list of the nearest so far. */
function selectNearest(
  candidates: Float32Array,
  skip: number,
  indices: Int32Array,
  distances: Float32Array,
): void {
  const k = indices.length;
  let found = 0;
  let farthest = Infinity;
  for (let j = 0; j < candidates.length; j++) {
    const distance = candidates[j];
    if ((found === k && distance >= farthest) || j === skip) continue;
    let place = found < k ? found++ : k - 1;
    for (; place > 0 && distances[place - 1] > distance; place--) {
      distances[place] = distances[place - 1];
      indices[place] = indices[place - 1];
    }
    distances[place] = distance;
    indices[place] = j;
    farthest = distances[found - 1];
  }
}
