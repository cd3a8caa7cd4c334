import { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../graph';
import { activate, type FusedActivation } from './elementwise';
import { elementwise, reshape, type Lowering, type Lowerings } from './lowering';
import { stored, transpose } from './transpose';
import { TO_BATCH_LAST, TO_CHANNELS_FIRST, TO_STORAGE } from './layout';
import { matMul } from './matmul';
import { concat, pad, slice } from './shape';

interface ConvolutionAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];

function geometry(
  attributes: ConvolutionAttributes,
  inputShape: readonly number[],
  filterShape: readonly number[],
): backend_util.Conv2DInfo {
  if (attributes.dataFormat !== 'NHWC') {
    throw new Error(`compile: convolutions must be NHWC, got ${attributes.dataFormat}`);
  }
  return backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    attributes.strides,
    attributes.dilations ?? 1,
    attributes.pad,
    attributes.dimRoundingMode,
  );
}

/** y[b, o, i, j] = sum over c, u, v of x[b, c, s i + u, s j + v] w[o, c, u, v], all channels first. */
function convolve(
  graph: Graph,
  x: Value,
  filter: Value,
  info: backend_util.Conv2DInfo,
  bias?: Value,
): Value {
  const { top, left, bottom, right } = info.padInfo;
  return graph.node(
    'Conv',
    bias ? [x, filter, bias] : [x, filter],
    { shape: [info.batchSize, info.outChannels, info.outHeight, info.outWidth], dtype: 'float32' },
    {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      pads: [top, left, bottom, right],
    },
  );
}

const forward: Lowering<ConvolutionAttributes & FusedActivation> = (
  graph,
  { x, filter, bias },
  attributes,
) => {
  const info = geometry(attributes, x.shape, filter.shape);
  const flat = bias && bias.shape.length === 1 ? bias : undefined;
  const y = convolve(
    graph,
    transpose(graph, x, TO_CHANNELS_FIRST),
    transpose(graph, filter, [3, 2, 0, 1]),
    info,
    flat,
  );
  const last = transpose(graph, stored(graph, y, TO_STORAGE), TO_BATCH_LAST);
  return activate(
    graph,
    bias && !flat ? elementwise(graph, 'Add', [last, bias]) : last,
    attributes,
  );
};

/** The gradient by the input: the transposed convolution of dy with the same filter. */
const inputGradient: Lowering<ConvolutionAttributes & { inputShape: Shape4D }> = (
  graph,
  { dy, filter },
  attributes,
) => {
  const info = geometry(attributes, attributes.inputShape, filter.shape);
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const reachedHeight = (info.outHeight - 1) * strideHeight + info.effectiveFilterHeight;
  const reachedWidth = (info.outWidth - 1) * strideWidth + info.effectiveFilterWidth;
  const dx = graph.node(
    'ConvTranspose',
    [transpose(graph, dy, TO_CHANNELS_FIRST), transpose(graph, filter, [3, 2, 0, 1])],
    { shape: [info.batchSize, info.inChannels, info.inHeight, info.inWidth], dtype: 'float32' },
    {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: [strideHeight, strideWidth],
      dilations: [dilationHeight, dilationWidth],
      pads: [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right],
      // The rows and columns at the end that no window reaches, when the stride leaves a rest.
      output_padding: [
        info.inHeight + padInfo.top + padInfo.bottom - reachedHeight,
        info.inWidth + padInfo.left + padInfo.right - reachedWidth,
      ],
    },
  );
  return transpose(graph, stored(graph, dx, TO_STORAGE), TO_BATCH_LAST);
};

/** Up to this many rows the shifted images are stacked, so that their products become one. */
const STACKED_ROWS = 64;

/**
 * The gradient by the filter: for each filter cell (u, v) the shifted (and strided) image times dy,
 *
 *   dw[u, v, c, o] = sum over b, i, j of x[b, s i + u, s j + v, c] dy[b, i, j, o]
 *
 * With the batch as the innermost axis, shifting copies long runs and every product is one Gemm over
 * contiguous rows. (As ONNX's Conv of transposed tensors it would be a product with only
 * filterHeight x filterWidth columns, which is several times slower.)
 */
const filterGradient: Lowering<ConvolutionAttributes & { filterShape: Shape4D }> = (
  graph,
  { x, dy },
  attributes,
) => {
  const info = geometry(attributes, x.shape, attributes.filterShape);
  const { inChannels, outChannels, outHeight, outWidth, batchSize } = info;
  const positions = outHeight * outWidth * batchSize;
  const gradient = reshape(graph, transpose(graph, dy, TO_BATCH_LAST), [outChannels, positions]);
  const shifted = shiftedImages(graph, transpose(graph, x, TO_BATCH_LAST), info).map((image) =>
    reshape(graph, image, [inChannels, positions]),
  );
  const times = (images: Value): Value =>
    matMul(graph, images, gradient, { transposeA: false, transposeB: true });
  const product =
    shifted.length * inChannels <= STACKED_ROWS
      ? times(concat(graph, shifted, 0))
      : concat(graph, shifted.map(times), 0);
  return reshape(graph, product, attributes.filterShape);
};

/** The images [channel, height, width, batch] as each cell of the filter sees them. */
function shiftedImages(graph: Graph, x: Value, info: backend_util.Conv2DInfo): Value[] {
  const { top, bottom, left, right } = info.padInfo;
  const padded = pad(graph, x, [0, top, left, 0], [0, bottom, right, 0]);
  const size = [info.inChannels, info.outHeight, info.outWidth, info.batchSize];
  const steps = [1, info.strideHeight, info.strideWidth, 1];
  const shifted: Value[] = [];
  for (let u = 0; u < info.filterHeight; u++) {
    for (let v = 0; v < info.filterWidth; v++) {
      const begin = [0, u * info.dilationHeight, v * info.dilationWidth, 0];
      shifted.push(slice(graph, padded, begin, size, steps));
    }
  }
  return shifted;
}

export const CONVOLUTION: Lowerings = {
  Conv2D: forward,
  FusedConv2D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
};
