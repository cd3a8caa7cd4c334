import * as tf from '@tensorflow/tfjs';
import { pairwiseDistances } from './distances';
import { checkBatch, sameLabel } from './masks';

/** How a batch of embeddings lies in space: float32 scalars, all distances Euclidean, unsquared. */
export interface EmbeddingGeometry {
  /** Mean length of an embedding. */
  meanNorm: tf.Scalar;
  /** Mean distance over the pairs of items of different classes; 0 when there is no such pair. */
  betweenClassDistance: tf.Scalar;
  /** Mean distance over the pairs of different items of one class; 0 when there is no such pair. */
  withinClassDistance: tf.Scalar;
  /** Mean distance to the farthest positive, over the anchors that have one; 0 when none has. */
  hardestPositive: tf.Scalar;
  /** Mean distance to the nearest negative, over the anchors that have one; 0 when none has. */
  hardestNegative: tf.Scalar;
}

/**
 * Measures how a batch of embeddings lies in space. Unlike the Fashion-MNIST study, whose mean
 * distance divides the sum over half of all pairs by B^2, these are true means.
 *
 * @param embeddings float32 [B, d]
 * @param labels int32 [B]
 * @throws RangeError when the shapes do not fit
 */
export function embeddingGeometry(embeddings: tf.Tensor2D, labels: tf.Tensor1D): EmbeddingGeometry {
  checkBatch('embeddingGeometry', embeddings, labels);
  const [meanNorm, betweenClassDistance, withinClassDistance, hardestPositive, hardestNegative] =
    tf.tidy(() => {
      // An item is no pair with itself, but its distance of 0 alters neither sums nor maxima.
      const distances = pairwiseDistances(embeddings);
      const same = sameLabel(labels);
      const within = distances.mul(same.cast('float32'));
      const between = distances.mul(same.logicalNot().cast('float32'));
      const nearest = tf.where(same, Infinity, distances).min(1);
      const positives = same.cast('float32').sum(1).sub(1);
      const negatives = tf.sub(labels.size - 1, positives);
      const anchors = positives.step().sum();
      return [
        embeddings.square().sum(1).sqrt().mean(),
        between.sum(1).sum().div(negatives.sum().maximum(1)),
        within.sum(1).sum().div(positives.sum().maximum(1)),
        within.max(1).sum().div(anchors.maximum(1)),
        // Either every anchor has a negative or, in a batch of one class, none has.
        tf.where(negatives.greater(0), nearest, 0).mean(),
      ] as tf.Scalar[];
    });
  return { meanNorm, betweenClassDistance, withinClassDistance, hardestPositive, hardestNegative };
}
