import type { Neighbours } from '../evaluate/neighbours';
import { type SymmetricGraph, symmetrized } from './symmetric-graph';

/**
 * The graph of UMAP (McInnes, Healy and Melville 2018): how certainly two points are neighbours, in
 * (0, 1]. What a point says of its neighbour at distance d,
 *
 *     p = exp(-max(0, d - r) / s),
 *
 * is 1 for the nearest that is not on the same place, at distance r, and adds up to log2(k + 1) over
 * its k neighbours by the choice of s. What two points say of each other is united: p + q - pq.
 *
 * @param neighbours of every point, itself excluded
 * @throws RangeError when the distances do not fit float32
 */
export function fuzzyGraph(neighbours: Neighbours): SymmetricGraph {
  const { distances, k } = neighbours;
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  if (!(mean < Infinity)) {
    throw new RangeError('umap: the distances between points are too large for float32');
  }
  const memberships = Float64Array.from(distances);
  for (let i = 0; i < distances.length; i += k) {
    writeMemberships(memberships.subarray(i, i + k), mean);
  }
  return symmetrized(neighbours, memberships, (there, back) => there + back - there * back);
}

/** How close the sum must come to what is asked, in how many steps. */
const TOLERANCE = 1e-6;
const STEPS = 100;

/** The least s, as a share of the mean distance: of the row, or where it is all 0, of all rows. */
const LEAST_SCALE = 1e-3;

/**
 * Puts p in the place of the distances of a point. Where more neighbours are within r than should be
 * certain, s is the least one.
 *
 * @param row the distances, ascending
 * @param overall the mean distance of all points to their neighbours
 */
function writeMemberships(row: Float64Array, overall: number): void {
  const k = row.length;
  const target = Math.log2(k + 1);
  const nearest = row.find((distance) => distance > 0) ?? 0;
  // The point itself, at distance 0, counts.
  const mean = nearest > 0 ? row.reduce((sum, distance) => sum + distance, 0) / (k + 1) : overall;
  for (let j = 0; j < k; j++) row[j] = Math.max(0, row[j] - nearest);
  let [low, high, scale] = [0, Infinity, mean];
  for (let step = 0; step < STEPS; step++) {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += membership(row[j], scale);
    if (Math.abs(sum - target) < TOLERANCE) break;
    if (sum > target) high = scale;
    else low = scale;
    scale = high === Infinity ? 2 * scale : (low + high) / 2;
  }
  scale = Math.max(scale, LEAST_SCALE * mean);
  for (let j = 0; j < k; j++) row[j] = membership(row[j], scale);
}

function membership(excess: number, scale: number): number {
  return excess > 0 ? Math.exp(-excess / scale) : 1;
}
