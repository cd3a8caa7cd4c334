/** The search of all perplexities, as threads share it. */
export interface Conditionals {
  /** Distances of the nearest neighbours, ascending; row-major [n, k]. */
  distances: Float32Array;
  k: number;
  perplexity: number;
  /** Receives p(j | i), row-major [n, k]. */
  rows: Float64Array;
  /** The next block that no thread has taken. */
  taken: Int32Array;
}

/** Points of a block. */
export const PERPLEXITY_ROWS = 500;

/**
 * Writes p(. | i) for the points of a block.
 *
 * @returns the number of points up to the end of the block
 * @throws RangeError when the distances do not fit float32
 */
export function writeConditionals(
  { distances, k, perplexity, rows }: Conditionals,
  block: number,
): number {
  const first = block * PERPLEXITY_ROWS;
  const last = Math.min(first + PERPLEXITY_ROWS, distances.length / k);
  const squared = new Float64Array(k);
  for (let i = first; i < last; i++) {
    for (let j = 0; j < k; j++) squared[j] = distances[i * k + j] ** 2;
    writeConditional(squared, perplexity, rows.subarray(i * k, (i + 1) * k));
  }
  return last;
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
