import type { Matrix } from '../data/matrix';
import { requireFinite } from '../data/require-finite';
import { type ComparisonOptions, distanceRows } from '../evaluate/distance-rows';
import { knnAccuracy } from '../evaluate/knn';
import { nearestNeighbours } from '../evaluate/neighbours';
import { ranksOf } from '../evaluate/ranks-of';

/**
 * How far the neighbours seen in a projection can be trusted (Venna and Kaski 2001), in [0, 1]; 1
 * means that no point came close which is far in truth, and a random projection has about 0.5:
 *
 *     T(k) = 1 - 2 / (n k (2n - 3k - 1)) sum_i sum_{j in U_k(i)} (r(i, j) - k)
 *
 * where U_k(i) are those of the k nearest points of i in the projection that are not among its k
 * nearest in truth, and r(i, j) is the rank of j by distance from i in truth. Takes O(n^2) time.
 *
 * @param points the points before the projection, [n, d]
 * @param projected the same points after it, [n, 2]
 * @param k neighbours that are looked at, below n / 2; 12 is usual
 * @throws RangeError when the numbers of points differ, k is out of range, or a value is NaN or
 *   infinite; the signal's reason when it aborts
 */
export async function trustworthiness(
  points: Matrix,
  projected: Matrix,
  k: number,
  options: ComparisonOptions = {},
): Promise<number> {
  requireQualityInput('trustworthiness', points, projected, k);
  return 1 - (await intrusion('trustworthiness', points, projected, k, options));
}

/**
 * How far a projection keeps neighbours together (Venna and Kaski 2001), in [0, 1]; 1 means that no
 * point was torn away which is close in truth:
 *
 *     C(k) = 1 - 2 / (n k (2n - 3k - 1)) sum_i sum_{j in V_k(i)} (r'(i, j) - k)
 *
 * where V_k(i) are those of the k nearest points of i in truth that are not among its k nearest in the
 * projection, and r'(i, j) is the rank of j by distance from i in the projection. It is the
 * trustworthiness of the points as a projection of the projection. Takes O(n^2) time.
 *
 * @param points the points before the projection, [n, d]
 * @param projected the same points after it, [n, 2]
 * @param k neighbours that are looked at, below n / 2; 12 is usual
 * @throws as `trustworthiness`
 */
export async function continuity(
  points: Matrix,
  projected: Matrix,
  k: number,
  options: ComparisonOptions = {},
): Promise<number> {
  requireQualityInput('continuity', points, projected, k);
  return 1 - (await intrusion('continuity', projected, points, k, options));
}

function requireQualityInput(caller: string, points: Matrix, projected: Matrix, k: number): void {
  const n = points.shape[0];
  if (projected.shape[0] !== n) {
    throw new RangeError(
      `${caller}: points and projected must have the same number of rows, ` +
        `got ${n} and ${projected.shape[0]}`,
    );
  }
  if (!(Number.isInteger(k) && k >= 1 && k < n / 2)) {
    throw new RangeError(
      `${caller}: k must be a whole number >= 1 and below n / 2 = ${n / 2}, got ${k}`,
    );
  }
  requireFinite(caller, 'points', points);
  requireFinite(caller, 'projected', projected);
}

/**
 * By how many ranks in `truth` the k nearest of every point in `seen` are too far, all together, as a
 * share of the most that there can be.
 */
async function intrusion(
  label: string,
  truth: Matrix,
  seen: Matrix,
  k: number,
  options: ComparisonOptions,
): Promise<number> {
  const n = truth.shape[0];
  const nearest = await nearestNeighbours(seen, seen, k, { ...options, excludeSelf: true });
  let excess = 0;
  for await (const { index, distances } of distanceRows(truth, truth, label, options)) {
    const seenNear = nearest.indices.subarray(index * k, (index + 1) * k);
    for (const rank of ranksOf(distances, seenNear, index)) excess += Math.max(0, rank - k);
  }
  return (2 * excess) / (n * k * (2 * n - 3 * k - 1));
}

/**
 * How well a projection keeps classes apart, in [0, 1]: the share of points whose k nearest points
 * in the projection agree by majority with their class (leave-one-out).
 *
 * @param k number of neighbours that vote. Default: 10
 * @throws as `knnAccuracy`
 */
export async function projectedAccuracy(
  projected: Matrix,
  labels: ArrayLike<number>,
  k = 10,
  options: ComparisonOptions = {},
): Promise<number> {
  return knnAccuracy({ embeddings: projected, labels }, undefined, { ...options, k });
}
