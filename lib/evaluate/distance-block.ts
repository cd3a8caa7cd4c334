import { type Matrix, row } from '../data/matrix';

/** Rows of a matrix that are taken at a time. */
export interface Block {
  /** The first row. */
  first: number;
  /** How many rows. */
  count: number;
}

/** Two matrices whose rows are compared, and what is known of them beforehand. */
export interface Comparison {
  query: Matrix;
  reference: Matrix;
  /** The point that the rows are seen from, one value per column. */
  centre: Float32Array;
  /** The squared distance of every row from it. */
  norms: { query: Float64Array; reference: Float64Array };
}

/**
 * Of rows that all lie close together far from the origin, as embeddings of a collapsed network do,
 * the mean is the centre, or `writeDistances` would take its slow sum for every pair; else it is the
 * origin.
 */
export function compared(query: Matrix, reference: Matrix): Comparison {
  const centre = centreOf(query);
  const norms = { query: squaredNorms(query, centre), reference: squaredNorms(reference, centre) };
  return { query, reference, centre, norms };
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

/**
 * Turns the inner products of the rows `block` of the query with the rows `tile` of the reference, as
 * seen from the centre, into distances: |a|^2 - 2<a, b> + |b|^2, or the sum of (a - b)^2 where that
 * difference would lose its digits. A duplicate has the distance 0 exactly.
 *
 * @param products rows of length `stride`
 * @param distances receives them, a row for every row of the block, all of the reference long; it may
 *   be `products` where that is laid out so
 */
export function writeDistances(
  { query, reference, norms }: Comparison,
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
