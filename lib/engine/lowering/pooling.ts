import { backend_util } from '@tensorflow/tfjs';
import { sizeOf, type Graph, type Value } from '../graph';
import { elementwise, filled, reshape, transpose, type Lowering, type Lowerings } from './lowering';

interface PoolingAttributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function geometry(
  { filterSize, strides, pad, dimRoundingMode }: PoolingAttributes,
  shape: readonly number[],
): backend_util.Conv2DInfo {
  return backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

function windowAttributes(info: backend_util.Conv2DInfo): Record<string, readonly number[]> {
  const { top, left, bottom, right } = info.padInfo;
  return {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    pads: [top, left, bottom, right],
  };
}

function pooledShape(info: backend_util.Conv2DInfo): number[] {
  return [info.batchSize, info.inChannels, info.outHeight, info.outWidth];
}

/** The largest value of every window, and where in the flattened image batch it was found. */
function maxPool(graph: Graph, x: Value, info: backend_util.Conv2DInfo): readonly Value[] {
  const shape = pooledShape(info);
  return graph.nodeWithOutputs(
    'MaxPool',
    [transpose(graph, x, [0, 3, 1, 2])],
    [
      { shape, dtype: 'float32' },
      { shape, dtype: 'int64' },
    ],
    windowAttributes(info),
  );
}

const maxForward: Lowering<PoolingAttributes> = (graph, { x }, attributes) =>
  transpose(graph, maxPool(graph, x, geometry(attributes, x.shape))[0], [0, 2, 3, 1]);

/** Sends dy to the first largest value of each window, as tfjs does. */
const maxGradient: Lowering<PoolingAttributes> = (graph, { dy, input }, attributes) => {
  const info = geometry(attributes, input.shape);
  const positions = maxPool(graph, input, info)[1];
  const gradient = transpose(graph, dy, [0, 3, 1, 2]);
  const shape = [info.batchSize, info.inChannels, info.inHeight, info.inWidth];
  const flat = graph.node(
    'ScatterElements',
    [
      filled(graph, [sizeOf(shape)], 'float32', 0),
      reshape(graph, positions, [sizeOf(positions.shape)]),
      reshape(graph, gradient, [sizeOf(gradient.shape)]),
    ],
    { shape: [sizeOf(shape)], dtype: 'float32' },
    // Windows overlap when the stride is smaller than the window, and then gradients add up.
    { axis: 0, ...(overlaps(info) ? { reduction: 'add' } : {}) },
  );
  return transpose(graph, reshape(graph, flat, shape), [0, 2, 3, 1]);
};

function overlaps(info: backend_util.Conv2DInfo): boolean {
  return info.filterHeight > info.strideHeight || info.filterWidth > info.strideWidth;
}

/** The mean of every window; cells outside the image do not count. */
const averageForward: Lowering<PoolingAttributes> = (graph, { x }, attributes) => {
  const info = geometry(attributes, x.shape);
  const y = graph.node(
    'AveragePool',
    [transpose(graph, x, [0, 3, 1, 2])],
    { shape: pooledShape(info), dtype: 'float32' },
    { ...windowAttributes(info), count_include_pad: 0 },
  );
  return transpose(graph, y, [0, 2, 3, 1]);
};

/** Spreads dy evenly over its window: a transposed convolution, channel by channel, with ones. */
const averageGradient: Lowering<PoolingAttributes> = (graph, { dy, input }, attributes) => {
  const info = geometry(attributes, input.shape);
  const { padInfo, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const planes = info.batchSize * info.inChannels;
  const gradient = reshape(graph, transpose(graph, dy, [0, 3, 1, 2]), [
    planes,
    1,
    info.outHeight,
    info.outWidth,
  ]);
  // tfjs divides by the whole window here, also where a part of it lies outside the image.
  const share = elementwise(graph, 'Div', [gradient, graph.scalar(filterHeight * filterWidth)]);
  const spread = graph.node(
    'ConvTranspose',
    [share, filled(graph, [1, 1, filterHeight, filterWidth], 'float32', 1)],
    { shape: [planes, 1, info.inHeight, info.inWidth], dtype: 'float32' },
    {
      ...windowAttributes(info),
      output_padding: [
        info.inHeight +
          padInfo.top +
          padInfo.bottom -
          (info.outHeight - 1) * strideHeight -
          filterHeight,
        info.inWidth +
          padInfo.left +
          padInfo.right -
          (info.outWidth - 1) * strideWidth -
          filterWidth,
      ],
    },
  );
  const shape = [info.batchSize, info.inChannels, info.inHeight, info.inWidth];
  return transpose(graph, reshape(graph, spread, shape), [0, 2, 3, 1]);
};

export const POOLING: Lowerings = {
  MaxPool: maxForward,
  MaxPoolGrad: maxGradient,
  AvgPool: averageForward,
  AvgPoolGrad: averageGradient,
};
