import type { Matrix } from '../data/matrix';
import { squaredDistance } from './distance-block';
import type { Neighbours } from './neighbours';

/** What is looked for in the distances of a query row. */
export interface Search {
  query: Matrix;
  reference: Matrix;
  /** Whether query row i is not its own neighbour. */
  excludeSelf: boolean;
}

/**
 * Prepares a function that finds the nearest reference rows of a query row.
 *
 * @param found receives them
 * @returns takes the query row, and about how far every reference row is from it
 */
export function nearestOfRow(
  { query, reference, excludeSelf }: Search,
  { indices, distances, k }: Neighbours,
): (index: number, row: Float32Array) => void {
  const available = reference.shape[0] - (excludeSelf ? 1 : 0);
  const candidates = new Int32Array(Math.min(k + SPARE, available));
  const estimates = new Float32Array(candidates.length);
  return (index, row) => {
    selectNearest(row, excludeSelf ? index : -1, candidates, estimates);
    sortMeasured(query, index, reference, candidates, estimates);
    indices.set(candidates.subarray(0, k), index * k);
    distances.set(estimates.subarray(0, k), index * k);
  };
}

/** Distances come with an error of the last digits: so many beyond the k-th are measured again. */
const SPARE = 8;

/** Puts the nearest rows, all but `skip`, and their distances into `indices` and `distances`. */
function selectNearest(
  row: Float32Array,
  skip: number,
  indices: Int32Array,
  distances: Float32Array,
): void {
  distances.fill(Infinity);
  indices.fill(row.length);
  for (let j = 0; j < row.length; j++) {
    if (row[j] > distances[0] || j === skip) continue;
    if (isFarther(indices, distances, 0, row[j], j)) replaceFarthest(indices, distances, j, row[j]);
  }
}

/**
 * Both arrays are a heap with the farthest of the nearest so far on top, of equally far ones the last:
 * it makes room.
 */
function replaceFarthest(
  indices: Int32Array,
  distances: Float32Array,
  index: number,
  distance: number,
): void {
  const size = indices.length;
  let place = 0;
  for (let below = 1; below < size; below = 2 * place + 1) {
    const right = below + 1;
    if (right < size && isFarther(indices, distances, right, distances[below], indices[below])) {
      below = right;
    }
    if (!isFarther(indices, distances, below, distance, index)) break;
    indices[place] = indices[below];
    distances[place] = distances[below];
    place = below;
  }
  indices[place] = index;
  distances[place] = distance;
}

/** Whether what stands at `place` comes after `index` at `distance`. */
function isFarther(
  indices: Int32Array,
  distances: Float32Array,
  place: number,
  distance: number,
  index: number,
): boolean {
  const own = distances[place];
  return own > distance || (own === distance && indices[place] > index);
}

/** Measures the candidates exactly, and sorts them: nearest first, ties by the smaller index. */
function sortMeasured(
  query: Matrix,
  row: number,
  reference: Matrix,
  candidates: Int32Array,
  distances: Float32Array,
): void {
  const columns = query.shape[1];
  for (let i = 0; i < candidates.length; i++) {
    const index = candidates[i];
    const at = index * columns;
    const squared = squaredDistance(query.data, row * columns, reference.data, at, columns);
    const distance = Math.fround(Math.sqrt(squared));
    let place = i;
    while (place > 0 && isFarther(candidates, distances, place - 1, distance, index)) {
      candidates[place] = candidates[place - 1];
      distances[place] = distances[place - 1];
      place--;
    }
    candidates[place] = index;
    distances[place] = distance;
  }
}
