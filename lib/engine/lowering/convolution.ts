import { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../graph';
import { activate, type FusedActivation } from './elementwise';
import { elementwise, reshape, transpose, type Lowering, type Lowerings } from './lowering';
import { matMul } from './matmul';
import { concat, pad, reverseAxis, slice } from './shape';

interface ConvolutionAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];

/** tfjs keeps images as [batch, height, width, channel]; ONNX wants the channel second. */
const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

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
  const last = transpose(graph, y, TO_CHANNELS_LAST);
  return activate(
    graph,
    bias && !flat ? elementwise(graph, 'Add', [last, bias]) : last,
    attributes,
  );
};

/**
 * The gradient by the input. With stride 1 it is itself a convolution, of dy with the filter turned
 * by 180 degrees, and onnxruntime's Conv is much faster than its ConvTranspose.
 */
const inputGradient: Lowering<ConvolutionAttributes & { inputShape: Shape4D }> = (
  graph,
  { dy, filter },
  attributes,
) => {
  const info = geometry(attributes, attributes.inputShape, filter.shape);
  const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth } = info;
  const gradient = transpose(graph, dy, TO_CHANNELS_FIRST);
  const shape = [info.batchSize, info.inChannels, info.inHeight, info.inWidth];
  if (strideHeight === 1 && strideWidth === 1) {
    const turned = reverseAxis(graph, reverseAxis(graph, filter, 0), 1);
    const x = graph.node(
      'Conv',
      [gradient, transpose(graph, turned, [2, 3, 0, 1])],
      { shape, dtype: 'float32' },
      {
        kernel_shape: [filterHeight, filterWidth],
        pads: [
          filterHeight - 1 - padInfo.top,
          filterWidth - 1 - padInfo.left,
          filterHeight - 1 - padInfo.bottom,
          filterWidth - 1 - padInfo.right,
        ],
      },
    );
    return transpose(graph, x, TO_CHANNELS_LAST);
  }
  const reached = (count: number, stride: number, extent: number): number =>
    (count - 1) * stride + extent;
  const x = graph.node(
    'ConvTranspose',
    [gradient, transpose(graph, filter, [3, 2, 0, 1])],
    { shape, dtype: 'float32' },
    {
      kernel_shape: [filterHeight, filterWidth],
      strides: [strideHeight, strideWidth],
      pads: [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right],
      output_padding: [
        info.inHeight +
          padInfo.top +
          padInfo.bottom -
          reached(info.outHeight, strideHeight, filterHeight),
        info.inWidth +
          padInfo.left +
          padInfo.right -
          reached(info.outWidth, strideWidth, filterWidth),
      ],
    },
  );
  return transpose(graph, x, TO_CHANNELS_LAST);
};

/**
 * The gradient by the filter: for each filter cell (u, v) the shifted (and strided) image, laid out
 * as [channels, positions], times dy as [positions, outputs]. Written as ONNX's Conv of transposed
 * tensors it would be a product with only filterHeight x filterWidth columns, which is slow.
 */
const filterGradient: Lowering<ConvolutionAttributes & { filterShape: Shape4D }> = (
  graph,
  { x, dy },
  attributes,
) => {
  const info = geometry(attributes, x.shape, attributes.filterShape);
  const { top, bottom, left, right } = info.padInfo;
  const padded = pad(graph, x, [0, top, left, 0], [0, bottom, right, 0]);
  const positions = info.batchSize * info.outHeight * info.outWidth;
  const gradient = reshape(graph, dy, [positions, info.outChannels]);
  const size = [info.batchSize, info.outHeight, info.outWidth, info.inChannels];
  const cells: Value[] = [];
  for (let u = 0; u < info.filterHeight; u++) {
    for (let v = 0; v < info.filterWidth; v++) {
      const shifted = slice(graph, padded, [0, u, v, 0], size, [
        1,
        info.strideHeight,
        info.strideWidth,
        1,
      ]);
      cells.push(reshape(graph, shifted, [positions, info.inChannels]));
    }
  }
  const columns = concat(graph, cells, 1);
  const product = matMul(graph, columns, gradient, { transposeA: true, transposeB: false });
  return reshape(graph, product, attributes.filterShape);
};

export const CONVOLUTION: Lowerings = {
  Conv2D: forward,
  FusedConv2D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
};
