import * as tf from '@tensorflow/tfjs';

/**
 * Puts a right gradient of nearest-neighbour enlargement by whole factors into tfjs's cpu backend:
 * its own reads the wrong rows of dy from the second image of a batch on.
 */
export function mendNearestGradient(): void {
  const [kernelName, backendName] = ['ResizeNearestNeighborGrad', 'cpu'];
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, backend }) => {
      const { images, dy } = inputs as Record<string, tf.TensorInfo>;
      const { readSync, write } = backend as tf.KernelBackend;
      const [batch, height, width, channels] = images.shape;
      const [, tall, wide] = dy.shape;
      const gradient = readSync.call(backend, dy.dataId) as Float32Array;
      const sums = new Float32Array(batch * height * width * channels);
      let next = 0;
      for (let b = 0; b < batch; b++) {
        for (let i = 0; i < tall; i++) {
          const row = (b * height + Math.floor((i * height) / tall)) * width;
          for (let j = 0; j < wide; j++) {
            const cell = (row + Math.floor((j * width) / wide)) * channels;
            for (let c = 0; c < channels; c++) sums[cell + c] += gradient[next++];
          }
        }
      }
      const { shape } = images;
      return { dataId: write.call(backend, sums, shape, 'float32'), shape, dtype: 'float32' };
    },
  });
}
