import * as tf from '@tensorflow/tfjs';
import { sameItem } from './masks';

/** How embeddings are compared. */
export interface DistanceOptions {
  /** Squared Euclidean distances instead of Euclidean ones. Default false. */
  squared?: boolean;
}

/**
 * All pairwise Euclidean distances of a batch of embeddings.
 *
 * D2[i, j] = max(|e_i|^2 - 2 <e_i, e_j> + |e_j|^2, 0), with the norms taken from the diagonal of
 * the Gram matrix, so that the diagonal of D2 is exactly 0. Unsquared: D = sqrt(D2), where a zero
 * distance has the gradient 0 (the square root's own is infinite, and NaN follows from it).
 * Source: O. Moindrot, omoindrot/tensorflow-triplet-loss.
 *
 * @param embeddings float32 [B, d]
 * @returns float32 [B, B], symmetric, not negative
 * @throws RangeError when `embeddings` is not a matrix
 */
export function pairwiseDistances(
  embeddings: tf.Tensor2D,
  { squared = false }: DistanceOptions = {},
): tf.Tensor2D {
  if (embeddings.rank !== 2) {
    throw new RangeError(
      `pairwiseDistances: embeddings must be [batch, dimension], got [${embeddings.shape}]`,
    );
  }
  return tf.tidy(() => {
    const size = embeddings.shape[0];
    const gram = tf.matMul(embeddings, embeddings, false, true);
    const norms = gram.mul(sameItem(size).cast('float32')).sum(1);
    // In this order rounding keeps the matrix symmetric and its diagonal 0.
    const squares = norms
      .reshape([size, 1])
      .add(norms.reshape([1, size]))
      .sub(gram.mul(2))
      .relu();
    if (squared) return squares as tf.Tensor2D;
    // step, unlike equal, has a gradient in tfjs (zero), which is what the masking needs.
    const apart = squares.step();
    const zero = tf.sub(1, apart);
    return squares.add(zero.mul(1e-16)).sqrt().mul(apart) as tf.Tensor2D;
  });
}
