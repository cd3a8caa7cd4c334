import { setImmediate } from 'node:timers/promises';
import type { Matrix } from '../data/matrix';
import type { OnProgress } from '../data/progress';
import { requireFinite } from '../data/require-finite';
import { blockOf, dotProducts, loadRows, type RowBlock } from './row-block';

/** Options of the functions that compare all rows with all rows. */
export interface ComparisonOptions {
  /** Ends the work: the promise then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Receives the number of query rows that are finished, after every block of them. */
  onProgress?: OnProgress;
}

/** The distances of one query row to every reference row. */
export interface DistanceRow {
  /** The query row. */
  index: number;
  /** float32, one per reference row; valid only until the next row is asked for. */
  distances: Float32Array;
}

/** Reference rows that are compared at a time: with 64 columns they fit into a core's cache. */
const tileRows = 256;

/**
 * The Euclidean distances of every row of `query` to all rows of `reference`, one query row after
 * the other. Only a block of them is in memory at a time, and between blocks other work of the
 * process (timers, messages, an abort) has its turn.
 *
 * Distances come from |a|^2 - 2<a, b> + |b|^2 in float64 and are rounded to float32. Where that
 * difference would lose its digits, between nearly equal rows, the sum of (a - b)^2 is taken
 * instead: a duplicate has the distance 0 exactly, and equal rows have equal distances.
 *
 * @param label what the progress is called: 'nearest neighbours'
 * @throws the signal's reason when it aborts
 */
export async function* distanceRows(
  query: Matrix,
  reference: Matrix,
  label: string,
  { signal, onProgress }: ComparisonOptions = {},
): AsyncGenerator<DistanceRow, void, void> {
  const [total, columns] = query.shape;
  const references = reference.shape[0];
  const size = queriesPerBlock(references, columns);
  const queries = blockOf(size, columns);
  const tile = blockOf(tileRows, columns);
  const dots = new Float64Array(queries.capacity * tile.capacity);
  const distances = new Float32Array(size * references);
  for (let first = 0; first < total; first += size) {
    signal?.throwIfAborted();
    loadRows(query, first, size, queries);
    for (let start = 0; start < references; start += tileRows) {
      loadRows(reference, start, tileRows, tile);
      dotProducts(queries, tile, dots);
      writeDistances(queries, tile, dots, distances.subarray(start), references);
    }
    for (let i = 0; i < queries.count; i++) {
      const from = i * references;
      yield { index: first + i, distances: distances.subarray(from, from + references) };
    }
    onProgress?.({ label, done: first + queries.count, total, unit: 'row' });
    await setImmediate();
  }
}

/** So many that a block is about a tenth of a second of work, as far as 16 to 64 allow. */
function queriesPerBlock(references: number, columns: number): number {
  return Math.min(64, Math.max(16, Math.ceil(2e8 / (references * columns + 1))));
}

/** Below this share of |a|^2 + |b|^2, the expanded square has too few digits left for float32. */
const cancellation = 1e-5;

/** Turns the dot products of a block and a tile into distances, in rows of length `stride`. */
function writeDistances(
  queries: RowBlock,
  tile: RowBlock,
  dots: Float64Array,
  distances: Float32Array,
  stride: number,
): void {
  for (let i = 0; i < queries.count; i++) {
    const normOfQuery = queries.squaredNorms[i];
    for (let j = 0; j < tile.count; j++) {
      const norms = normOfQuery + tile.squaredNorms[j];
      let squared = norms - 2 * dots[i * tile.capacity + j];
      if (squared < cancellation * norms) squared = squaredDistance(queries, i, tile, j);
      distances[i * stride + j] = Math.sqrt(squared);
    }
  }
}

function squaredDistance(a: RowBlock, i: number, b: RowBlock, j: number): number {
  const { columns } = a;
  let sum = 0;
  for (let c = 0; c < columns; c++) {
    const difference = a.values[i * columns + c] - b.values[j * columns + c];
    sum += difference * difference;
  }
  return sum;
}

/**
 * @throws RangeError when the two have different numbers of columns, `reference` has no row, or a
 *   value is NaN or infinite
 */
export function requireComparable(caller: string, query: Matrix, reference: Matrix): void {
  if (query.shape[1] !== reference.shape[1]) {
    throw new RangeError(
      `${caller}: query and reference must have the same number of columns, ` +
        `got ${query.shape[1]} and ${reference.shape[1]}`,
    );
  }
  if (reference.shape[0] === 0) throw new RangeError(`${caller}: reference must have rows, got 0`);
  requireFinite(caller, 'query', query);
  if (reference !== query) requireFinite(caller, 'reference', reference);
}
