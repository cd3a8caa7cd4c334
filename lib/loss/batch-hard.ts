import * as tf from '@tensorflow/tfjs';
import { pairwiseDistances, type DistanceOptions } from './distances';
import { anchorNegativeMask, anchorPositiveMask, checkBatch } from './masks';
import { checkMargin, type TripletLoss } from './triplet-loss';

/** Options of batch_hard. */
export interface BatchHardOptions extends DistanceOptions {
  /** A distance > 0, or 'soft' for ln(1 + exp(x)) in place of max(x + margin, 0). */
  margin: number | 'soft';
}

/** What batch_hard computes. */
export interface BatchHardLoss extends TripletLoss {
  /** Mean over anchors of the distance to the farthest positive: float32 scalar. */
  hardestPositive: tf.Scalar;
  /** Mean over anchors of the distance to the nearest negative: float32 scalar. */
  hardestNegative: tf.Scalar;
}

/**
 * The batch_hard triplet loss: for every anchor its farthest positive and its nearest negative,
 *
 *   loss = mean over all B anchors of max(hp - hn + margin, 0), or of ln(1 + exp(hp - hn))
 *
 * fractionPositive is the share of anchors with a loss > 0; with the soft margin, with hp > hn. An
 * anchor without a positive has hp = 0; one without a negative has hn = its largest distance; both
 * still count in the mean. Where several positives are the farthest, or several negatives the
 * nearest, each receives the whole gradient (TensorFlow would divide it among them). Source: Hermans et al. 2017, equation 5; O. Moindrot,
 * omoindrot/tensorflow-triplet-loss.
 *
 * @param embeddings float32 [B, d]
 * @param labels int32 [B]
 * @throws RangeError when the margin is neither > 0 nor 'soft', or the shapes do not fit
 */
export function batchHardLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  { margin, squared }: BatchHardOptions,
): BatchHardLoss {
  if (margin !== 'soft') checkMargin('batchHardLoss', margin, " or 'soft'");
  checkBatch('batchHardLoss', embeddings, labels);
  const [loss, fractionPositive, hardestPositive, hardestNegative] = tf.tidy(() => {
    const distances = pairwiseDistances(embeddings, { squared });
    const farthestPositive = distances.mul(anchorPositiveMask(labels)).max(1);
    const negative = anchorNegativeMask(labels);
    const farthest = distances.max(1);
    // Twice the largest distance, lest what is no negative ties with one: tfjs hands the gradient of
    // a minimum in full to every entry that attains it.
    const excluded = farthest.mul(2).expandDims(1).mul(tf.sub(1, negative));
    const nearest = distances.add(excluded).min(1);
    const nearestNegative = tf.where(negative.max(1).greater(0), nearest, farthest);
    const gap = farthestPositive.sub(nearestNegative);
    const violation = margin === 'soft' ? gap.softplus() : gap.add(margin).relu();
    const contributes = margin === 'soft' ? gap.step() : violation.step();
    return [
      violation.mean(),
      contributes.mean(),
      farthestPositive.mean(),
      nearestNegative.mean(),
    ] as tf.Scalar[];
  });
  return { loss, fractionPositive, hardestPositive, hardestNegative };
}
