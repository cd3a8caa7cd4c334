import * as tf from '@tensorflow/tfjs';
import { pairwiseDistances } from './distances';
import { checkBatch } from './masks';
import { meanViolation } from './mean-violation';
import { rankDistances, unsort, type RankedDistances } from './ranked-distances';
import { checkMargin, type TripletLoss, type TripletLossOptions } from './triplet-loss';

/**
 * The semi-hard triplet loss: the mean over the triplets whose negative is farther than the
 * positive, but by less than the margin,
 *
 *   loss = mean of d(a,p) - d(a,n) + margin over the triplets with d(a,p) < d(a,n) < d(a,p) + margin
 *
 * and fractionPositive = number of such triplets / number of valid triplets; both are 0 where there
 * are none. All semi-hard negatives count, not one for every pair. Takes O(B^2 log B) time and
 * O(B^2) memory; `denseSemiHardLoss` is the same in B^3. Source: Schroff et al. 2015 (FaceNet),
 * section 3.2.
 *
 * @param embeddings float32 [B, d]
 * @param labels int32 [B]
 * @throws RangeError when the margin is not > 0 or the shapes do not fit
 */
export function semiHardLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  { margin, squared }: TripletLossOptions,
): TripletLoss {
  checkMargin('semiHardLoss', margin);
  checkBatch('semiHardLoss', embeddings, labels);
  const { loss, fractionPositive } = tf.tidy(() => {
    const distances = pairwiseDistances(embeddings, { squared });
    const violating = rankDistances(distances, labels, { margin, ties: false });
    const nearer = rankDistances(distances, labels, { margin: 0, ties: true });
    return { ...meanViolation(distances, labels, without(violating, nearer)) };
  });
  return { loss, fractionPositive };
}

/** `all` with the triplets of `some`, a part of them, no longer counted. */
function without(all: RankedDistances, some: RankedDistances): RankedDistances {
  const { keys, items, counts } = all;
  const dropped = tf.gather(unsort(some.counts, some.items), items, 1, 1);
  // Where distances are so large that the margin is lost in rounding, `some` can exceed `all`.
  const part = dropped.minimum(counts.relu()).maximum(counts.minimum(0));
  return { keys, items, counts: counts.sub(part) };
}
