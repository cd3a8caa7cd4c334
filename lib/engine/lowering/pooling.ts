import { backend_util } from '@tensorflow/tfjs';
import { sizeOf, type Graph, type Value } from '../graph';
import { absorbing, rectifiedFrom } from './absorption';
import { positiveMask } from './elementwise';
import { cast, elementwise, filled, reshape, type Lowering, type Lowerings } from './lowering';
import { reduce } from './reduction';
import { transpose } from './transpose';
import { TO_CHANNELS_FIRST, TO_CHANNELS_LAST } from './layout';
import { concat, slice } from './shape';

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

/** The largest value of every window. */
const maxForward: Lowering<PoolingAttributes> = (graph, { x }, attributes) => {
  const info = geometry(attributes, x.shape);
  if (tiles(info)) return tiledMax(graph, x, info);
  const y = graph.node(
    'MaxPool',
    [transpose(graph, x, TO_CHANNELS_FIRST)],
    { shape: pooledShape(info), dtype: 'float32' },
    windowAttributes(info),
  );
  return transpose(graph, y, TO_CHANNELS_LAST);
};

/** Of windows that tile the image. The largest of rectified values is rectified when it is known. */
function tiledMax(graph: Graph, x: Value, info: backend_util.Conv2DInfo): Value {
  const source = rectifiedFrom(x);
  return source
    ? elementwise(graph, 'Relu', [tiledMax(graph, source, info)])
    : elementwise(graph, 'Max', windowCells(graph, x, info));
}

/** Of windows that tile the image: the first cell of every window, the second, and so on. */
function windowCells(graph: Graph, x: Value, info: backend_util.Conv2DInfo): Value[] {
  const { strideHeight, strideWidth } = info;
  const shape = [info.batchSize, info.outHeight, info.outWidth, info.inChannels];
  return Array.from({ length: strideHeight * strideWidth }, (_, cell) => {
    const begin = [0, Math.floor(cell / strideWidth), cell % strideWidth, 0];
    return slice(graph, x, begin, shape, [1, strideHeight, strideWidth, 1]);
  });
}

/** Sends dy to the first largest value of each window, as tfjs does. */
const maxGradient: Lowering<PoolingAttributes> = (graph, { dy, input, output }, attributes) => {
  const info = geometry(attributes, input.shape);
  if (!tiles(info)) return scatteredMaxGradient(graph, dy, input, info);
  return absorbing(tiledMaxGradient(graph, dy, input, output, info), {
    // A window whose largest value is not positive has no positive cell: the mask of the image is
    // that of its largest values, spread.
    maskBy: (rectified) => {
      if (rectified !== input) return undefined;
      const masked = elementwise(graph, 'Mul', [dy, positiveMask(graph, output)]);
      const source = rectifiedFrom(input) ?? input;
      const largest = tiledMax(graph, source, info);
      return absorbing(tiledMaxGradient(graph, masked, source, largest, info), {
        sumPerChannel: () => reduce(graph, 'ReduceSum', masked, [0, 1, 2]),
      });
    },
  });
};

/** Whether the windows cover the image, each cell once. */
function tiles({ padInfo, ...info }: backend_util.Conv2DInfo): boolean {
  return (
    [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right].every((cells) => cells === 0) &&
    info.filterHeight === info.strideHeight &&
    info.filterWidth === info.strideWidth &&
    info.outHeight * info.strideHeight === info.inHeight &&
    info.outWidth * info.strideWidth === info.inWidth
  );
}

/**
 * Windows that tile the image: cell by cell of the window, what is left of dy goes where the cell
 * equals the maximum. (onnxruntime's MaxPool is four times slower when it has to report positions.)
 */
function tiledMaxGradient(
  graph: Graph,
  dy: Value,
  x: Value,
  y: Value,
  info: backend_util.Conv2DInfo,
): Value {
  const { strideHeight, strideWidth, outHeight, outWidth, inChannels, batchSize } = info;
  let rest = dy;
  const shares: Value[] = [];
  for (const values of windowCells(graph, x, info).slice(0, -1)) {
    const chosen = cast(graph, elementwise(graph, 'Equal', [values, y], 'bool'), 'float32');
    const share = elementwise(graph, 'Mul', [rest, chosen]);
    rest = elementwise(graph, 'Sub', [rest, share]);
    shares.push(share);
  }
  // Whatever no earlier cell took belongs to the last one.
  shares.push(rest);
  const row = (u: number): Value =>
    concat(
      graph,
      shares
        .slice(u * strideWidth, (u + 1) * strideWidth)
        .map((share) => reshape(graph, share, [batchSize, outHeight, 1, outWidth, 1, inChannels])),
      4,
    );
  const rows = Array.from({ length: strideHeight }, (_, u) => row(u));
  const shape = [batchSize, info.inHeight, info.inWidth, inChannels];
  return reshape(graph, concat(graph, rows, 2), shape);
}

/** The largest value of every window, and where it was: both as [batch, channel, height, width]. */
export function maxWithPositions(
  graph: Graph,
  x: Value,
  info: backend_util.Conv2DInfo,
): readonly Value[] {
  const shape = pooledShape(info);
  return graph.nodeWithOutputs(
    'MaxPool',
    [transpose(graph, x, TO_CHANNELS_FIRST)],
    [
      { shape, dtype: 'float32' },
      { shape, dtype: 'int64' },
    ],
    windowAttributes(info),
  );
}

/** Any windows: onnxruntime reports where each maximum was, and dy is added up there. */
export function scatteredMaxGradient(
  graph: Graph,
  dy: Value,
  input: Value,
  info: backend_util.Conv2DInfo,
): Value {
  const [, positions] = maxWithPositions(graph, input, info);
  const pooled = pooledShape(info);
  const shape = [info.batchSize, info.inChannels, info.inHeight, info.inWidth];
  const flat = graph.node(
    'ScatterElements',
    [
      filled(graph, [sizeOf(shape)], 'float32', 0),
      reshape(graph, positions, [sizeOf(pooled)]),
      reshape(graph, transpose(graph, dy, TO_CHANNELS_FIRST), [sizeOf(pooled)]),
    ],
    { shape: [sizeOf(shape)], dtype: 'float32' },
    { axis: 0, reduction: 'add' },
  );
  return transpose(graph, reshape(graph, flat, shape), TO_CHANNELS_LAST);
}

/** The mean of every window; cells outside the image do not count. */
const averageForward: Lowering<PoolingAttributes> = (graph, { x }, attributes) => {
  const info = geometry(attributes, x.shape);
  const y = graph.node(
    'AveragePool',
    [transpose(graph, x, TO_CHANNELS_FIRST)],
    { shape: pooledShape(info), dtype: 'float32' },
    { ...windowAttributes(info), count_include_pad: 0 },
  );
  return transpose(graph, y, TO_CHANNELS_LAST);
};

/** Spreads dy evenly over its window: a transposed convolution, channel by channel, with ones. */
const averageGradient: Lowering<PoolingAttributes> = (graph, { dy, input }, attributes) => {
  const info = geometry(attributes, input.shape);
  const { padInfo, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const planes = info.batchSize * info.inChannels;
  const gradient = reshape(graph, transpose(graph, dy, TO_CHANNELS_FIRST), [
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
  return transpose(graph, reshape(graph, spread, shape), TO_CHANNELS_LAST);
};

export const POOLING: Lowerings = {
  MaxPool: maxForward,
  MaxPoolGrad: maxGradient,
  AvgPool: averageForward,
  AvgPoolGrad: averageGradient,
};
