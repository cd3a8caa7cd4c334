import * as tf from '@tensorflow/tfjs';

/** Options of `classificationHead`. */
export interface ClassificationHeadOptions {
  /** Seed of the initial weights. */
  seed: number;
  /** Length of an embedding. Default 64. */
  dimension?: number;
  /** Number of classes. Default 10. */
  classes?: number;
}

/**
 * What turns embeddings into the logits of a softmax: one dense layer without activation. It is a
 * model of its own, so that the network before it ends in embeddings however it is trained. The
 * kernel starts Glorot-uniform from the seed, the bias at zero.
 *
 * @returns a LayersModel from float32 [batch, dimension] to [batch, classes]
 */
export function classificationHead({
  seed,
  dimension = 64,
  classes = 10,
}: ClassificationHeadOptions): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [tf.layers.dense({ inputShape: [dimension], units: classes, kernelInitializer })],
  });
}
