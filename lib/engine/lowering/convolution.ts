/*
 * What was tried, with how many times as long it took as the form that is used (batches of 64, the
 * layers of both networks; `npm run bench -- convolution` measures all of it anew, and
 * results/benchmark.md keeps the numbers):
 *
 *   forward            in blocks 1, Conv with transpositions 1.9 to 2.5, columns by Gather 1.1 to 1.5,
 *                      columns by Slice 3.2 to 4.3; of a grey image columns by Slice 1, Conv 0.6 to
 *                      1.4, but 1.3 to 1.5 together with the filter gradient, which shares the columns
 *   input gradient     without strides turned, in blocks 1, ConvTranspose 1.0 to 2.0, Conv 2.0 to 2.5;
 *                      with strides sums of products 1, ConvTranspose 1.4
 *   filter gradient    columns by Gather 1, nine products 1.4 to 1.5, columns by Slice 1.5 to 2.8, Conv
 *                      of transposed images 2.6, in blocks 1.4; of a thin filter in blocks 1, Gather 1.3
 *   mask of a ReLU     HardSigmoid 1, Greater and Cast 1.2 to 1.4, Where 1.5 to 1.7, Sign 2.6 to 3.5
 *   max pooling        Max of Slices 1, MaxPool with positions 2.8 to 3.6; ReLU before it 1.4 to 1.5
 */

import { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../graph';
import { absorbing } from './absorption';
import { blockedFilterGradient, isThinFilter } from './blocked-filter-gradient';
import {
  convolveBlocks,
  fillsBlocks,
  filterInBlocks,
  fromBlocks,
  padsOf,
  toBlocks,
  turnedFilterInBlocks,
} from './blocks';
import { convolveColumns, filterGradientByColumns, hasFewChannels } from './columns';
import { activate, add, type FusedActivation } from './elementwise';
import { TO_CHANNELS_FIRST, TO_CHANNELS_LAST } from './layout';
import type { Lowering, Lowerings } from './lowering';
import { stridedInputGradient } from './strided-gradient';
import { transpose } from './transpose';

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

/** y[b, i, j, o] = sum over u, v, c of x[b, s i + u, s j + v, c] w[u, v, c, o] */
const forward: Lowering<ConvolutionAttributes & FusedActivation> = (
  graph,
  { x, filter, bias },
  attributes,
) => {
  const info = geometry(attributes, x.shape, filter.shape);
  const y = convolve(graph, x, filter, info);
  return activate(graph, bias ? add(graph, y, bias) : y, attributes);
};

function convolve(graph: Graph, x: Value, filter: Value, info: backend_util.Conv2DInfo): Value {
  if (fillsBlocks(graph, info.inChannels, info.outChannels)) {
    return blockConvolution(graph, x, filter, info);
  }
  if (graph.blockSize !== undefined && hasFewChannels(info)) {
    return absorbing(convolveColumns(graph, x, filter, info), {
      addBias: (bias) => convolveColumns(graph, x, filter, info, bias),
    });
  }
  return portableConvolution(graph, x, filter, info);
}

/** By onnxruntime's kernels for blocks of channels, which add a bias and rectify for nothing. */
export function blockConvolution(
  graph: Graph,
  x: Value,
  filter: Value,
  info: backend_util.Conv2DInfo,
  following: { bias?: Value; rectified?: boolean } = {},
): Value {
  const blocks = convolveBlocks(graph, toBlocks(graph, x), {
    filter: filterInBlocks(graph, filter),
    outputShape: [info.batchSize, info.outChannels, info.outHeight, info.outWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: padsOf(info),
    ...following,
  });
  const { bias, rectified } = following;
  const again = (more: typeof following): Value =>
    blockConvolution(graph, x, filter, info, { ...following, ...more });
  return absorbing(fromBlocks(graph, blocks), {
    addBias: bias || rectified ? undefined : (added) => again({ bias: added }),
    rectify: rectified ? undefined : () => again({ rectified: true }),
  });
}

/** By the operators that every ONNX runtime has. */
export function portableConvolution(
  graph: Graph,
  x: Value,
  filter: Value,
  info: backend_util.Conv2DInfo,
): Value {
  const y = graph.node(
    'Conv',
    [transpose(graph, x, TO_CHANNELS_FIRST), transpose(graph, filter, [3, 2, 0, 1])],
    { shape: [info.batchSize, info.outChannels, info.outHeight, info.outWidth], dtype: 'float32' },
    {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      pads: padsOf(info),
    },
  );
  return transpose(graph, y, TO_CHANNELS_LAST);
}

/** The gradient by the input. */
const inputGradient: Lowering<ConvolutionAttributes & { inputShape: Shape4D }> = (
  graph,
  { dy, filter },
  attributes,
) => {
  const info = geometry(attributes, attributes.inputShape, filter.shape);
  if (info.strideHeight > 1 || info.strideWidth > 1) {
    const dx = hasFewChannels(info) ? undefined : stridedInputGradient(graph, dy, filter, info);
    return dx ?? transposedConvolution(graph, dy, filter, info);
  }
  const inBlocks =
    fillsBlocks(graph, info.inChannels, info.outChannels) &&
    turnedPads(info).every((cells) => cells >= 0);
  return inBlocks
    ? turnedConvolution(graph, dy, filter, info)
    : transposedConvolution(graph, dy, filter, info);
};

/** Without strides it is the convolution of dy with the filter turned by 180 degrees. */
export function turnedConvolution(
  graph: Graph,
  dy: Value,
  filter: Value,
  info: backend_util.Conv2DInfo,
): Value {
  const dx = convolveBlocks(graph, toBlocks(graph, dy), {
    filter: turnedFilterInBlocks(graph, filter),
    outputShape: [info.batchSize, info.inChannels, info.inHeight, info.inWidth],
    strides: [1, 1],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: turnedPads(info),
  });
  return fromBlocks(graph, dx);
}

/** How far the turned filter reaches beyond dy; negative where the padding was wider than that. */
export function turnedPads(info: backend_util.Conv2DInfo): [number, number, number, number] {
  const [top, left, bottom, right] = padsOf(info);
  const [down, across] = [info.effectiveFilterHeight - 1, info.effectiveFilterWidth - 1];
  return [down - top, across - left, down - bottom, across - right];
}

/** In any case it is the transposed convolution of dy with the same filter. */
export function transposedConvolution(
  graph: Graph,
  dy: Value,
  filter: Value,
  info: backend_util.Conv2DInfo,
): Value {
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const [top, left, bottom, right] = padsOf(info);
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
      pads: [top, left, bottom, right],
      // The rows and columns at the end that no window reaches, when the stride leaves a rest.
      output_padding: [
        info.inHeight + top + bottom - reachedHeight,
        info.inWidth + left + right - reachedWidth,
      ],
    },
  );
  return transpose(graph, dx, TO_CHANNELS_LAST);
}

/** The gradient by the filter. */
const filterGradient: Lowering<ConvolutionAttributes & { filterShape: Shape4D }> = (
  graph,
  { x, dy },
  attributes,
) => {
  const info = geometry(attributes, x.shape, attributes.filterShape);
  return isThinFilter(graph, info) && !hasFewChannels(info)
    ? blockedFilterGradient(graph, x, dy, info)
    : filterGradientByColumns(graph, x, dy, info);
};

export const CONVOLUTION: Lowerings = {
  Conv2D: forward,
  FusedConv2D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
};
