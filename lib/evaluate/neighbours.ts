import type { Matrix } from '../data/matrix';
import { requirePositive } from '../data/require-positive';
import { type ComparisonOptions, distanceRows, requireComparable } from './distance-rows';
import { nearestOfRow } from './nearest-of-row';
import { searchWithTeam } from './neighbours-team';

/** What the progress is called. */
const LABEL = 'nearest neighbours';

/** Fewer query rows than these are not worth another thread. */
const ROWS_PER_THREAD = 256;

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
  /**
   * Number of threads, a whole number > 0: the result is the same for any. With more than one, and
   * rows enough for them, worker threads do all but the inner products. Default: 1.
   */
  threads?: number;
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
  const { excludeSelf = false, threads = 1 } = options;
  requirePositive('nearestNeighbours', { threads });
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
  const team = Math.min(threads, Math.ceil(query.shape[0] / ROWS_PER_THREAD));
  if (team > 1) {
    return searchWithTeam({ query, reference, excludeSelf }, k, team, LABEL, options);
  }
  const found = {
    indices: new Int32Array(query.shape[0] * k),
    distances: new Float32Array(query.shape[0] * k),
    k,
  };
  const search = nearestOfRow({ query, reference, excludeSelf }, found);
  for await (const { index, distances } of distanceRows(query, reference, LABEL, options)) {
    search(index, distances);
  }
  return found;
}
