import * as tf from '@tensorflow/tfjs';

/** The lower bound on a squared length, as in TensorFlow 1's l2_normalize call of the study. */
const EPSILON = 1e-10;

/** Scales every row to length 1: y = x / sqrt(max(|x|^2, 1e-10)). */
export class L2Normalisation extends tf.layers.Layer {
  static readonly className: string = 'L2Normalisation';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      return x.div(x.square().sum(-1, true).maximum(EPSILON).sqrt());
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }
}

tf.serialization.registerClass(L2Normalisation);
