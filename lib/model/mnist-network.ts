import * as tf from '@tensorflow/tfjs';
import { L2Normalisation } from './l2-normalisation';

/** Options of `mnistNetwork`. */
export interface MnistNetworkOptions {
  /** Seed of the initial weights. */
  seed: number;
  /** Convolution blocks: 2, or 3 for the source's note that a third differs little. Default 2. */
  blocks?: 2 | 3;
  /** Length of an embedding. Default 64. */
  dimension?: number;
}

/**
 * The network of the MNIST study: blocks of [3x3 convolution 'same', ReLU, 2x2 max pooling] with 32,
 * 64 (and 128) channels, flattened, a dense layer, and L2 normalisation. Kernels start
 * Glorot-uniform from the seed, biases at zero.
 *
 * @returns a LayersModel from float32 [batch, 28, 28, 1], pixels in [0, 1], to [batch, dimension],
 *   rows of length 1
 */
export function mnistNetwork({
  seed,
  blocks = 2,
  dimension = 64,
}: MnistNetworkOptions): tf.LayersModel {
  const model = tf.sequential();
  for (let block = 0; block < blocks; block++) {
    model.add(
      tf.layers.conv2d({
        ...(block === 0 ? { inputShape: [28, 28, 1] } : {}),
        filters: 32 * 2 ** block,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        kernelInitializer: tf.initializers.glorotUniform({ seed: seed + block }),
      }),
    );
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  }
  model.add(tf.layers.flatten());
  model.add(
    tf.layers.dense({
      units: dimension,
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed + blocks }),
    }),
  );
  model.add(new L2Normalisation({}));
  return model;
}
