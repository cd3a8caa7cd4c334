import { setImmediate } from 'node:timers/promises';
import { type Matrix, row } from '../data/matrix';
import type { OnProgress } from '../data/progress';
import { requireFinite } from '../data/require-finite';
import { type Block, blockProduct } from './block-product';

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

/** Query rows, and reference rows, that are compared at a time: for 60,000 they take 15 MB. */
const BLOCK_ROWS = 64;
const TILE_ROWS = 4096;

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
  const size = Math.min(BLOCK_ROWS, total);
  const tileRows = Math.min(TILE_ROWS, references);
  const centre = centreOf(query);
  const norms = { query: squaredNorms(query, centre), reference: squaredNorms(reference, centre) };
  const distances = new Float32Array(size * references);
  const product = await blockProduct(query, reference, centre, [size, tileRows]);
  try {
    for (let first = 0; first < total; first += size) {
      const block = { first, count: Math.min(size, total - first) };
      for (let start = 0; start < references; start += tileRows) {
        signal?.throwIfAborted();
        const tile = { first: start, count: Math.min(tileRows, references - start) };
        const products = await product.between(block, tile);
        writeDistances(query, reference, norms, block, tile, products, product.stride, distances);
      }
      for (let i = 0; i < block.count; i++) {
        const from = i * references;
        yield { index: first + i, distances: distances.subarray(from, from + references) };
      }
      onProgress?.({ label, done: first + block.count, total, unit: 'row' });
      await setImmediate();
    }
  } finally {
    await product.dispose();
  }
}

/** Rows lie close together when their mean squared distance from their mean is below this |mean|^2. */
const CLOSE_TOGETHER = 0.01;

/** The point to see the rows from: their mean where they lie close together, else the origin. */
function centreOf(m: Matrix): Float32Array {
  const [count, columns] = m.shape;
  const sums = new Float64Array(columns);
  for (let i = 0; i < count; i++) row(m, i).forEach((value, c) => (sums[c] += value));
  const origin = new Float32Array(columns);
  const mean = Float32Array.from(sums, (sum) => sum / count);
  const spread = squaredNorms(m, mean).reduce((sum, square) => sum + square / count, 0);
  return spread < CLOSE_TOGETHER * squaredDistance(mean, 0, origin, 0, columns) ? mean : origin;
}

/** The squared distance of every row from `centre`, in float64. */
function squaredNorms(m: Matrix, centre: Float32Array): Float64Array {
  return Float64Array.from({ length: m.shape[0] }, (_, i) =>
    row(m, i).reduce((sum, value, c) => sum + (value - centre[c]) ** 2, 0),
  );
}

/** Below this share of |a|^2 + |b|^2, the expanded square has fewer than four digits in float32. */
const CANCELLATION = 1e-3;

/** Turns the inner products of a block and a tile into distances, in the rows of the block. */
function writeDistances(
  query: Matrix,
  reference: Matrix,
  norms: { query: Float64Array; reference: Float64Array },
  block: Block,
  tile: Block,
  products: Float32Array,
  stride: number,
  distances: Float32Array,
): void {
  const columns = query.shape[1];
  const references = reference.shape[0];
  for (let i = 0; i < block.count; i++) {
    const normOfQuery = norms.query[block.first + i];
    const to = i * references + tile.first;
    for (let j = 0; j < tile.count; j++) {
      const sum = normOfQuery + norms.reference[tile.first + j];
      let squared = sum - 2 * products[i * stride + j];
      // Neither did it lose its digits nor did a product overflow.
      if (!(squared >= CANCELLATION * sum && squared < Infinity)) {
        squared = squaredDistance(
          query.data,
          (block.first + i) * columns,
          reference.data,
          (tile.first + j) * columns,
          columns,
        );
      }
      distances[to + j] = Math.sqrt(squared);
    }
  }
}

/** The sum of (a - b)^2, in float64, over `columns` values from `i` and from `j` on. */
export function squaredDistance(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  columns: number,
): number {
  let sum = 0;
  for (let c = 0; c < columns; c++) {
    const difference = a[i + c] - b[j + c];
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
