import * as tf from '@tensorflow/tfjs';
import { withGradient } from './known-gradient';
import { tripletCount } from './masks';
import { unsort, type RankedDistances } from './ranked-distances';
import type { TripletLoss } from './triplet-loss';

/**
 * The mean of d(a,p) + margin - d(a,n) over the triplets that `ranked` counts, with its gradient by
 * the distances; fractionPositive is the share of these triplets among the valid ones.
 *
 * The sum of the violations is the inner product of keys and counts. Summed by parts it becomes the
 * sum, over the gaps between consecutive keys, of gap times number of triplets that span it: no term
 * is negative, so nothing cancels however large the distances are.
 */
export function meanViolation(
  distances: tf.Tensor2D,
  labels: tf.Tensor1D,
  { keys, items, counts }: RankedDistances,
): TripletLoss {
  const size = labels.size;
  // One, not none, for a single item: tfjs's wasm backend leaves the sum of nothing undefined.
  const gaps = Math.max(size - 1, 1);
  const gap = keys.slice([0, 0], [size, gaps]).sub(keys.slice([0, size - gaps], [size, gaps]));
  const spanning = counts.cumsum(1).slice([0, 0], [size, gaps]);
  const triplets = sumByRows(counts.relu());
  const divisor = triplets.maximum(1);
  const mean = sumByRows(gap.mul(spanning)).div(divisor) as tf.Scalar;
  const gradient = unsort(counts, items).div(divisor);
  return {
    loss: withGradient(mean, distances, gradient),
    fractionPositive: triplets.div(tripletCount(labels).maximum(1)) as tf.Scalar,
  };
}

/** The sum of a matrix, row by row: one running float32 sum of 10^6 terms would be 1e-4 off. */
function sumByRows(values: tf.Tensor): tf.Tensor {
  return values.sum(1).sum();
}
