import * as tf from '@tensorflow/tfjs';

/** Options of `fashionNetwork`. */
export interface FashionNetworkOptions {
  /** Seed of the initial weights. */
  seed: number;
  /** Length of an embedding. Default 64. */
  dimension?: number;
}

/**
 * The network of the Fashion-MNIST study: 3x3 convolutions 'valid' with 16 (stride 2), 32 and 64
 * (stride 2) channels, ReLU after each, global average pooling and a dense layer without activation.
 * Embeddings are not normalised. Kernels start Glorot-uniform from the seed, biases at zero.
 *
 * @returns a LayersModel from float32 [batch, 28, 28, 1], pixels in [0, 1], to [batch, dimension]
 */
export function fashionNetwork({ seed, dimension = 64 }: FashionNetworkOptions): tf.LayersModel {
  const model = tf.sequential();
  const layers = [
    { filters: 16, strides: 2 },
    { filters: 32, strides: 1 },
    { filters: 64, strides: 2 },
  ];
  layers.forEach(({ filters, strides }, i) =>
    model.add(
      tf.layers.conv2d({
        ...(i === 0 ? { inputShape: [28, 28, 1] } : {}),
        filters,
        strides,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: tf.initializers.glorotUniform({ seed: seed + i }),
      }),
    ),
  );
  model.add(tf.layers.globalAveragePooling2d({}));
  model.add(
    tf.layers.dense({
      units: dimension,
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed + layers.length }),
    }),
  );
  return model;
}
