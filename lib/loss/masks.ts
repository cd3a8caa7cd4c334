import * as tf from '@tensorflow/tfjs';

/**
 * 1 where i and j are a valid anchor and positive: different items of one class.
 *
 * @param labels int32 [B]
 * @returns float32 [B, B]
 */
export function anchorPositiveMask(labels: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const same = sameLabel(labels).cast('float32');
    return same.mul(tf.sub(1, sameItem(labels.size).cast('float32'))) as tf.Tensor2D;
  });
}

/**
 * 1 where i and k are a valid anchor and negative: items of different classes.
 *
 * @param labels int32 [B]
 * @returns float32 [B, B]
 */
export function anchorNegativeMask(labels: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => sameLabel(labels).logicalNot().cast('float32') as tf.Tensor2D);
}

/**
 * 1 where (anchor i, positive j, negative k) is a valid triplet: i and j are different items of one
 * class, k is of another class.
 *
 * @param labels int32 [B]
 * @returns float32 [B, B, B]
 */
export function tripletMask(labels: tf.Tensor1D): tf.Tensor3D {
  return tf.tidy(
    () =>
      anchorPositiveMask(labels)
        .expandDims(2)
        .mul(anchorNegativeMask(labels).expandDims(1)) as tf.Tensor3D,
  );
}

/** Whether i and j are of one class: bool [B, B]. */
export function sameLabel(labels: tf.Tensor1D): tf.Tensor {
  return labels.expandDims(1).equal(labels.expandDims(0));
}

/**
 * Whether i and j are one item: bool [B, B]. It is computed from ranges because tf.eye, whose numbers
 * are there when a step is compiled, would be a constant of B^2 numbers in its model.
 */
export function sameItem(size: number): tf.Tensor {
  const items = tf.range(0, size, 1, 'int32');
  return items.expandDims(1).equal(items.expandDims(0));
}

/** The number of valid triplets of a batch: float32 scalar. */
export function tripletCount(labels: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => {
    const same = sameLabel(labels).cast('float32').sum(1);
    return same.sub(1).mul(tf.sub(labels.size, same)).sum() as tf.Scalar;
  });
}

/** Checks that a loss gets one label for every embedding. */
export function checkBatch(name: string, embeddings: tf.Tensor2D, labels: tf.Tensor1D): void {
  if (embeddings.rank !== 2 || labels.rank !== 1 || embeddings.shape[0] !== labels.shape[0]) {
    throw new RangeError(
      `${name}: embeddings must be [B, d] and labels [B], got [${embeddings.shape}] and [${labels.shape}]`,
    );
  }
}
