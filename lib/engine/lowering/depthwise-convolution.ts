import { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../graph';
import { activate, type FusedActivation } from './elementwise';
import { TO_BATCH_LAST, TO_CHANNELS_FIRST, TO_CHANNELS_LAST } from './layout';
import { elementwise, reshape, type Lowering, type Lowerings } from './lowering';
import { matMul } from './matmul';
import { concat, pad, slice } from './shape';
import { transpose } from './transpose';

interface DepthwiseAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  /** The gradients' kernels carry none: they are NHWC. */
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];

function geometry(
  attributes: DepthwiseAttributes,
  inputShape: readonly number[],
  filterShape: readonly number[],
): backend_util.Conv2DInfo {
  const { dataFormat = 'NHWC', strides, dilations, dimRoundingMode } = attributes;
  if (dataFormat !== 'NHWC') {
    throw new Error(`compile: depthwise convolutions must be NHWC, got ${dataFormat}`);
  }
  return backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    dilations ?? 1,
    attributes.pad,
    dimRoundingMode,
    true,
  );
}

/** A convolution in which every input channel is a group of its own. */
function window(info: backend_util.Conv2DInfo): Record<string, number | number[]> {
  const { top, left, bottom, right } = info.padInfo;
  return {
    group: info.inChannels,
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [top, left, bottom, right],
  };
}

/** The filter [height, width, channel, multiplier] as one small filter per output channel. */
function perOutputChannel(graph: Graph, filter: Value, info: backend_util.Conv2DInfo): Value {
  const { outChannels, filterHeight, filterWidth } = info;
  const channelsFirst = transpose(graph, filter, [2, 3, 0, 1]);
  return reshape(graph, channelsFirst, [outChannels, 1, filterHeight, filterWidth]);
}

/** y[b, i, j, c q + m] = sum over u, v of x[b, s i + u, s j + v, c] w[u, v, c, m], q multipliers. */
const forward: Lowering<DepthwiseAttributes & FusedActivation> = (
  graph,
  { x, filter, bias },
  attributes,
) => {
  const info = geometry(attributes, x.shape, filter.shape);
  const convolved = graph.node(
    'Conv',
    [transpose(graph, x, TO_CHANNELS_FIRST), perOutputChannel(graph, filter, info)],
    { shape: [info.batchSize, info.outChannels, info.outHeight, info.outWidth], dtype: 'float32' },
    window(info),
  );
  const y = transpose(graph, convolved, TO_CHANNELS_LAST);
  return activate(graph, bias ? elementwise(graph, 'Add', [y, bias]) : y, attributes);
};

/** The gradient by the input: the transposed convolution of dy, channel by channel. */
const inputGradient: Lowering<DepthwiseAttributes & { inputShape: Shape4D }> = (
  graph,
  { dy, filter },
  attributes,
) => {
  const info = geometry(attributes, attributes.inputShape, filter.shape);
  const { top, bottom, left, right } = info.padInfo;
  const reachedHeight = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight;
  const reachedWidth = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth;
  const dx = graph.node(
    'ConvTranspose',
    [transpose(graph, dy, TO_CHANNELS_FIRST), perOutputChannel(graph, filter, info)],
    { shape: [info.batchSize, info.inChannels, info.inHeight, info.inWidth], dtype: 'float32' },
    {
      ...window(info),
      // The rows and columns at the end that no window reaches, when the stride leaves a rest.
      output_padding: [
        info.inHeight + top + bottom - reachedHeight,
        info.inWidth + left + right - reachedWidth,
      ],
    },
  );
  return transpose(graph, dx, TO_CHANNELS_LAST);
};

/**
 * The gradient by the filter: for each channel the shifted images, one row per cell of the filter,
 * times dy, one column per multiplier,
 *
 *   dw[u, v, c, m] = sum over b, i, j of x[b, s i + u, s j + v, c] dy[b, i, j, c q + m]
 */
const filterGradient: Lowering<DepthwiseAttributes & { filterShape: Shape4D }> = (
  graph,
  { x, dy },
  attributes,
) => {
  const { filterShape } = attributes;
  const info = geometry(attributes, x.shape, filterShape);
  const [filterHeight, filterWidth, channels, multipliers] = filterShape;
  const positions = info.outHeight * info.outWidth * info.batchSize;
  const { top, bottom, left, right } = info.padInfo;
  const batchLast = transpose(graph, x, TO_BATCH_LAST);
  const padded = pad(graph, batchLast, [0, top, left, 0], [0, bottom, right, 0]);
  const cells: Value[] = [];
  for (let u = 0; u < filterHeight; u++) {
    for (let v = 0; v < filterWidth; v++) {
      const seen = slice(
        graph,
        padded,
        [0, u * info.dilationHeight, v * info.dilationWidth, 0],
        [channels, info.outHeight, info.outWidth, info.batchSize],
        [1, info.strideHeight, info.strideWidth, 1],
      );
      cells.push(reshape(graph, seen, [channels, 1, positions]));
    }
  }
  const gradient = reshape(graph, transpose(graph, dy, TO_BATCH_LAST), [
    channels,
    multipliers,
    positions,
  ]);
  const product = matMul(graph, concat(graph, cells, 1), gradient, {
    transposeA: false,
    transposeB: true,
  });
  return reshape(graph, transpose(graph, product, [1, 0, 2]), filterShape);
};

export const DEPTHWISE_CONVOLUTION: Lowerings = {
  DepthwiseConv2dNative: forward,
  FusedDepthwiseConv2D: forward,
  DepthwiseConv2dNativeBackpropInput: inputGradient,
  DepthwiseConv2dNativeBackpropFilter: filterGradient,
};
