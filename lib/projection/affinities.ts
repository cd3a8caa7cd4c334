import { setImmediate } from 'node:timers/promises';
import type { OnProgress } from '../data/progress';
import type { Neighbours } from '../evaluate/neighbours';

/** The symmetric affinities p(i, j) of t-SNE, sparse: rows of column numbers and values (CSR). */
export interface Affinities {
  /** Row i stands at `starts[i]` to before `starts[i + 1]`; length n + 1. */
  starts: Int32Array;
  columns: Int32Array;
  /** All of them add up to 1. */
  values: Float32Array;
  /** The sum of p log p: the part of the Kullback-Leibler divergence that no position changes. */
  negativeEntropy: number;
}

/** Options of `affinities`. */
export interface AffinityOptions {
  signal?: AbortSignal;
  /** Receives the number of points whose perplexity is found. */
  onProgress?: OnProgress;
}

/** Rows between two turns of other work. */
const BLOCK_ROWS = 1000;

/**
 * How strongly points belong together (van der Maaten and Hinton 2008), among nearest neighbours only
 * (van der Maaten 2014):
 *
 *     p(j | i) = exp(-b_i |x_i - x_j|^2) / sum_k exp(-b_i |x_i - x_k|^2)
 *     p(i, j) = (p(j | i) + p(i | j)) / 2n
 *
 * where b_i gives p(. | i) the perplexity asked for. Values are in memory that threads share.
 *
 * @param neighbours of every point, itself excluded
 * @param perplexity from 1 to below the number of neighbours
 * @throws RangeError when the distances do not fit float32; the signal's reason when it aborts
 */
export async function affinities(
  neighbours: Neighbours,
  perplexity: number,
  { signal, onProgress }: AffinityOptions = {},
): Promise<Affinities> {
  const { distances, k } = neighbours;
  const n = distances.length / k;
  const conditional = new Float64Array(distances.length);
  const squared = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    if (i % BLOCK_ROWS === 0) {
      signal?.throwIfAborted();
      onProgress?.({ label: 'perplexity', done: i, total: n, unit: 'row' });
      await setImmediate();
    }
    for (let j = 0; j < k; j++) squared[j] = distances[i * k + j] ** 2;
    writeConditional(squared, perplexity, conditional.subarray(i * k, (i + 1) * k));
  }
  onProgress?.({ label: 'perplexity', done: n, total: n, unit: 'row' });
  return symmetrized(neighbours, conditional);
}

/** How close the logarithm of the perplexity must come to what is asked, in how many steps. */
const TOLERANCE = 1e-10;
const STEPS = 200;

/**
 * Writes p(. | i): Newton's method on the logarithm of b_i, where the entropy is closest to a straight
 * line, inside bounds that close in. Where more points than the perplexity are at the least distance,
 * no b_i does, and they share all of it.
 *
 * @param squared the squared distances, ascending; they are changed
 * @param row receives the affinities
 */
export function writeConditional(
  squared: Float64Array,
  perplexity: number,
  row: Float64Array,
): void {
  const k = squared.length;
  const least = squared[0];
  let scale = 0;
  for (let j = 0; j < k; j++) {
    squared[j] -= least;
    scale += squared[j] / k;
  }
  if (!(scale < Infinity)) {
    throw new RangeError('tsne: the distances between points are too large for float32');
  }
  const entropy = Math.log(perplexity);
  let [low, high, b] = [0, Infinity, scale > 0 ? 1 / scale : 1];
  for (let step = 0; ; step++) {
    let sum = 0;
    let first = 0;
    let second = 0;
    for (let j = 0; j < k; j++) {
      const value = Math.exp(-b * squared[j]);
      row[j] = value;
      sum += value;
      first += value * squared[j];
      second += value * squared[j] * squared[j];
    }
    const mean = first / sum;
    const excess = Math.log(sum) + b * mean - entropy;
    if (Math.abs(excess) < TOLERANCE || step === STEPS || scale === 0) {
      for (let j = 0; j < k; j++) row[j] /= sum;
      return;
    }
    if (excess > 0) low = b;
    else high = b;
    const slope = b * b * (second / sum - mean * mean);
    b *= Math.exp(excess / slope);
    if (!(b > low && b < high)) b = high === Infinity ? 2 * low : (low + high) / 2;
  }
}

/** The mean of p(j | i) and p(i | j), of all pairs of which one is a neighbour of the other. */
function symmetrized({ indices, k }: Neighbours, conditional: Float64Array): Affinities {
  const n = indices.length / k;
  const incoming = transposed(indices, k);
  const starts = new Int32Array(new SharedArrayBuffer(4 * (n + 1)));
  // Where the pair (i, j) of the current row i stands, if it is not from a row before.
  const place = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    let length = k;
    for (let e = i * k; e < (i + 1) * k; e++) place[indices[e]] = i;
    for (let e = incoming.starts[i]; e < incoming.starts[i + 1]; e++) {
      if (place[Math.floor(incoming.edges[e] / k)] !== i) length++;
    }
    starts[i + 1] = starts[i] + length;
  }
  const columns = new Int32Array(new SharedArrayBuffer(4 * starts[n]));
  const values = new Float32Array(new SharedArrayBuffer(4 * starts[n]));
  let negativeEntropy = 0;
  place.fill(-1);
  for (let i = 0; i < n; i++) {
    const start = starts[i];
    for (let j = 0; j < k; j++) {
      const column = indices[i * k + j];
      columns[start + j] = column;
      values[start + j] = conditional[i * k + j] / (2 * n);
      place[column] = start + j;
    }
    let end = start + k;
    for (let e = incoming.starts[i]; e < incoming.starts[i + 1]; e++) {
      const edge = incoming.edges[e];
      const column = Math.floor(edge / k);
      const mutual = place[column] - start;
      if (mutual >= 0) {
        values[start + mutual] = (conditional[i * k + mutual] + conditional[edge]) / (2 * n);
      } else {
        columns[end] = column;
        values[end++] = conditional[edge] / (2 * n);
      }
    }
    for (let e = start; e < end; e++) {
      if (values[e] > 0) negativeEntropy += values[e] * Math.log(values[e]);
    }
  }
  return { starts, columns, values, negativeEntropy };
}

/** For every point, the places in `indices` where it is a neighbour. */
function transposed(indices: Int32Array, k: number): { starts: Int32Array; edges: Int32Array } {
  const n = indices.length / k;
  const starts = new Int32Array(n + 2);
  for (let e = 0; e < indices.length; e++) starts[indices[e] + 2]++;
  for (let i = 2; i < n + 2; i++) starts[i] += starts[i - 1];
  const edges = new Int32Array(indices.length);
  for (let e = 0; e < indices.length; e++) edges[starts[indices[e] + 1]++] = e;
  return { starts: starts.subarray(0, n + 1), edges };
}
