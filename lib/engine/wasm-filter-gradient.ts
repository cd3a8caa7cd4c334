import * as tf from '@tensorflow/tfjs';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';

interface FilterGradientAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: [number, number, number, number];
}

/**
 * Makes tfjs's wasm backend able to train convolutions: it has every kernel that our networks need
 * but the gradient of a convolution by its filter, which is written here with strided slices and
 * matrix products of the same backend.
 *
 * @param threads of the backend; it counts only before the backend is first used
 */
export function completeWasmBackend(threads: number): void {
  setThreadsCount(threads);
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return;
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      filterGradient(
        inputs.x as tf.Tensor4D,
        inputs.dy as tf.Tensor4D,
        attrs as unknown as FilterGradientAttributes,
      ),
  });
}

/** dw[u, v] = (the image as filter cell (u, v) sees it)^T dy, with positions as rows. */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  { strides, pad, dimRoundingMode, filterShape }: FilterGradientAttributes,
): tf.Tensor {
  const info = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const { top, bottom, left, right } = info.padInfo;
  const { batchSize, outHeight, outWidth, inChannels, outChannels } = info;
  const { strideHeight, strideWidth } = info;
  const padded = tf.pad4d(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const positions = batchSize * outHeight * outWidth;
  const gradient = dy.reshape<tf.Tensor2D>([positions, outChannels]);
  const cells: tf.Tensor[] = [];
  for (let u = 0; u < info.filterHeight; u++) {
    for (let v = 0; v < info.filterWidth; v++) {
      const seen = tf.stridedSlice(
        padded,
        [0, u, v, 0],
        [
          batchSize,
          u + (outHeight - 1) * strideHeight + 1,
          v + (outWidth - 1) * strideWidth + 1,
          inChannels,
        ],
        [1, strideHeight, strideWidth, 1],
      );
      cells.push(tf.matMul(seen.reshape<tf.Tensor2D>([positions, inChannels]), gradient, true));
    }
  }
  return tf.stack(cells).reshape(filterShape);
}
