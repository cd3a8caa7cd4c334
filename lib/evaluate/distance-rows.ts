import { setImmediate } from 'node:timers/promises';
import type { Matrix } from '../data/matrix';
import type { OnProgress } from '../data/progress';
import { requireFinite } from '../data/require-finite';
import { BLOCK_ROWS, productTiles } from './block-product';
import { compared, writeDistances } from './distance-block';

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

/**
 * The Euclidean distances of every row of `query` to all rows of `reference`, one query row after
 * the other. Only a block of them is in memory at a time, and between blocks other work of the
 * process (timers, messages, an abort) has its turn.
 *
 * Distances come from |a|^2 - 2<a, b> + |b|^2, where the inner products of a block are one matrix
 * product in float32. Where that difference would lose its digits, between nearly equal rows, the sum
 * of (a - b)^2 is taken instead: a duplicate has the distance 0 exactly. Of rows that all lie close
 * together far from the origin, as embeddings of a collapsed network do, the mean is subtracted
 * first, or the slow sum would be taken for every pair.
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
  const [total, references] = [query.shape[0], reference.shape[0]];
  const comparison = compared(query, reference);
  const distances = new Float32Array(Math.min(BLOCK_ROWS, total) * references);
  for await (const { block, tile, products, stride } of productTiles(comparison, signal)) {
    writeDistances(comparison, block, tile, products, stride, distances);
    if (tile.first + tile.count < references) continue;
    for (let i = 0; i < block.count; i++) {
      const from = i * references;
      yield { index: block.first + i, distances: distances.subarray(from, from + references) };
    }
    onProgress?.({ label, done: block.first + block.count, total, unit: 'row' });
    await setImmediate();
  }
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
