import * as tf from '@tensorflow/tfjs';
import { pairwiseDistances } from './distances';
import { checkBatch } from './masks';
import { meanViolation } from './mean-violation';
import { rankDistances } from './ranked-distances';
import { checkMargin, type TripletLoss, type TripletLossOptions } from './triplet-loss';

/**
 * The batch_all triplet loss: the mean over all valid triplets of a batch that violate the margin,
 *
 *   loss = sum of max(d(a,p) - d(a,n) + margin, 0) / number of such triplets that are > 0
 *
 * and fractionPositive = that number / number of valid triplets. A batch without a valid triplet
 * has loss 0 and fraction 0. Takes O(B^2 log B) time and O(B^2) memory; `denseBatchAllLoss` is the
 * same in B^3. Source: Hermans et al. 2017, section 2; O. Moindrot,
 * omoindrot/tensorflow-triplet-loss.
 *
 * @param embeddings float32 [B, d]
 * @param labels int32 [B]
 * @throws RangeError when the margin is not > 0 or the shapes do not fit
 */
export function batchAllLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  { margin, squared }: TripletLossOptions,
): TripletLoss {
  checkMargin('batchAllLoss', margin);
  checkBatch('batchAllLoss', embeddings, labels);
  const { loss, fractionPositive } = tf.tidy(() => {
    const distances = pairwiseDistances(embeddings, { squared });
    const ranked = rankDistances(distances, labels, { margin, ties: false });
    return { ...meanViolation(distances, labels, ranked) };
  });
  return { loss, fractionPositive };
}
