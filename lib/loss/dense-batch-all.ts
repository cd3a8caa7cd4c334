import * as tf from '@tensorflow/tfjs';
import { pairwiseDistances } from './distances';
import { checkBatch, tripletMask } from './masks';
import { checkMargin, type TripletLoss, type TripletLossOptions } from './triplet-loss';

/** Below this a triplet counts as satisfied, as in the reference implementation. */
const EPSILON = 1e-16;

/**
 * The batch_all triplet loss as its formula reads, with tensors of B^3 elements: the reference for
 * `batchAllLoss`, which gives the same in far less time and memory.
 *
 *   loss = sum of max(d(a,p) - d(a,n) + margin, 0) / number of such triplets that are > 0
 *
 * and fractionPositive = that number / number of valid triplets. A batch without a valid triplet
 * has loss 0 and fraction 0. Source: Hermans et al. 2017, section 2; O. Moindrot,
 * omoindrot/tensorflow-triplet-loss.
 *
 * @param embeddings float32 [B, d]
 * @param labels int32 [B]
 * @throws RangeError when the margin is not > 0 or the shapes do not fit
 */
export function denseBatchAllLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  { margin, squared }: TripletLossOptions,
): TripletLoss {
  checkMargin('denseBatchAllLoss', margin);
  checkBatch('denseBatchAllLoss', embeddings, labels);
  const [loss, fractionPositive] = tf.tidy(() => {
    const distances = pairwiseDistances(embeddings, { squared });
    const valid = tripletMask(labels);
    const violation = distances
      .add(margin)
      .expandDims(2)
      .sub(distances.expandDims(1))
      .mul(valid)
      .relu();
    const positive = violation.sub(EPSILON).step().sum();
    return [
      violation.sum().div(positive.add(EPSILON)),
      positive.div(valid.sum().add(EPSILON)),
    ] as tf.Scalar[];
  });
  return { loss, fractionPositive };
}
