import type { Matrix } from '../data/matrix';
import {
  type ComparisonOptions,
  distanceRows,
  requireComparable,
  squaredDistance,
} from './distance-rows';

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
  const candidates = new Int32Array(Math.min(k + SPARE, available));
  const estimates = new Float32Array(candidates.length);
  for await (const { index, distances: row } of distanceRows(
    query,
    reference,
    'nearest neighbours',
    options,
  )) {
    selectNearest(row, excludeSelf ? index : -1, candidates, estimates);
    const nearest = measured(query, index, reference, candidates);
    for (let i = 0; i < k; i++) {
      indices[index * k + i] = nearest[i].index;
      distances[index * k + i] = nearest[i].distance;
    }
  }
  return { indices, distances, k };
}

/** Distances come with an error of the last digits: so many beyond the k-th are measured again. */
const SPARE = 8;

/** The candidates with their exact distances, nearest first, ties by the smaller index. */
function measured(
  query: Matrix,
  row: number,
  reference: Matrix,
  candidates: Int32Array,
): { index: number; distance: number }[] {
  const columns = query.shape[1];
  return Array.from(candidates, (index) => {
    const squared = squaredDistance(
      query.data,
      row * columns,
      reference.data,
      index * columns,
      columns,
    );
    return { index, distance: Math.fround(Math.sqrt(squared)) };
  }).sort((a, b) => a.distance - b.distance || a.index - b.index);
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
