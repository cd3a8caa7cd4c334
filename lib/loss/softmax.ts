import * as tf from '@tensorflow/tfjs';

/** What the softmax loss computes. */
export interface SoftmaxLoss {
  /** The mean cross-entropy, the loss to minimise: float32 scalar. */
  loss: tf.Scalar;
  /** The share of items whose largest logit is their class's: float32 scalar in [0, 1]. */
  accuracy: tf.Scalar;
}

/**
 * The softmax cross-entropy of a batch, in nats:
 *
 *   loss = mean over the batch of -log(exp(z[label]) / sum of exp(z[k]))
 *
 * with the gradient (softmax(z) - onehot(label)) / B. The largest logit of an item is subtracted
 * first, so that no exponential overflows.
 *
 * @param logits float32 [B, classes], of at least two classes
 * @param labels int32 [B], each in [0, classes)
 * @throws RangeError when the shapes do not fit or there are fewer than two classes
 */
export function softmaxLoss(logits: tf.Tensor2D, labels: tf.Tensor1D): SoftmaxLoss {
  if (logits.rank !== 2 || labels.rank !== 1 || logits.shape[0] !== labels.shape[0]) {
    throw new RangeError(
      `softmaxLoss: logits must be [B, classes] and labels [B], got [${logits.shape}] and [${labels.shape}]`,
    );
  }
  if (logits.shape[1] < 2) {
    throw new RangeError(`softmaxLoss: classes must be >= 2, got ${logits.shape[1]}`);
  }
  const [loss, accuracy] = tf.tidy(() => {
    const own = tf.oneHot(labels, logits.shape[1]).cast('float32');
    const right = logits.argMax(1).equal(labels);
    return [
      tf.logSoftmax(logits).mul(own).sum(1).mean().neg(),
      right.cast('float32').mean(),
    ] as tf.Scalar[];
  });
  return { loss, accuracy };
}
