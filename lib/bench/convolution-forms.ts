import type { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../engine/graph';
import { fillsBlocks } from '../engine/lowering/blocks';
import { cellColumns, convolveColumns } from '../engine/lowering/columns';
import {
  blockConvolution,
  portableConvolution,
  transposedConvolution,
  turnedConvolution,
  turnedPads,
} from '../engine/lowering/convolution';
import { TO_CHANNELS_FIRST, TO_CHANNELS_LAST } from '../engine/lowering/layout';
import { reshape } from '../engine/lowering/lowering';
import { matMul } from '../engine/lowering/matmul';
import { reverseAxis } from '../engine/lowering/shape';
import { stridedInputGradient } from '../engine/lowering/strided-gradient';
import { transpose } from '../engine/lowering/transpose';
import type { GraphForm } from './graph-form';

type Info = backend_util.Conv2DInfo;

/** Ways to a convolution, from x and its filter. */
export const FORWARD_FORMS: GraphForm[] = [
  {
    name: 'Conv between transpositions',
    write: (graph, { x, filter }, info) => portableConvolution(graph, x, filter, info),
  },
  {
    name: 'Conv, channels first',
    // The transpositions cancel out.
    write: (graph, { x, filter }, info) => portableConvolution(graph, x, filter, info),
    channelsFirst: true,
  },
  {
    name: 'columns by Gather',
    write: (graph, { x, filter }, info) => gatheredConvolution(graph, x, filter, info),
  },
  {
    name: 'columns by Slice',
    write: (graph, { x, filter }, info) => convolveColumns(graph, x, filter, info),
  },
  {
    name: 'in blocks',
    write: (graph, { x, filter }, info) => blockConvolution(graph, x, filter, info),
    takes: channelsFillBlocks,
  },
];

/** Ways to its gradient by x, from dy and the filter. */
export const INPUT_GRADIENT_FORMS: GraphForm[] = [
  {
    name: 'ConvTranspose between transpositions',
    write: (graph, { dy, filter }, info) => transposedConvolution(graph, dy, filter, info),
  },
  {
    name: 'turned Conv between transpositions',
    write: (graph, { dy, filter }, info) => portableTurnedConvolution(graph, dy, filter, info),
    takes: (_, info) => isDense(info),
  },
  {
    name: 'turned, in blocks',
    write: (graph, { dy, filter }, info) => turnedConvolution(graph, dy, filter, info),
    takes: (graph, info) => isDense(info) && channelsFillBlocks(graph, info),
  },
  {
    name: 'sums of products',
    write: (graph, { dy, filter }, info) => stridedInputGradient(graph, dy, filter, info)!,
    takes: (_, info) => !isDense(info),
  },
];

function channelsFillBlocks(graph: Graph, { inChannels, outChannels }: Info): boolean {
  return fillsBlocks(graph, inChannels, outChannels);
}

function isDense({ strideHeight, strideWidth }: Info): boolean {
  return strideHeight === 1 && strideWidth === 1;
}

function gatheredConvolution(graph: Graph, x: Value, filter: Value, info: Info): Value {
  const columns = cellColumns(graph, x, info);
  const weights = reshape(graph, filter, [columns.shape[1], info.outChannels]);
  return reshape(graph, matMul(graph, columns, weights), info.outShape);
}

function portableTurnedConvolution(graph: Graph, dy: Value, filter: Value, info: Info): Value {
  const turned = reverseAxis(graph, reverseAxis(graph, filter, 0), 1);
  const dx = graph.node(
    'Conv',
    [transpose(graph, dy, TO_CHANNELS_FIRST), transpose(graph, turned, [2, 3, 0, 1])],
    { shape: [info.batchSize, info.inChannels, info.inHeight, info.inWidth], dtype: 'float32' },
    { kernel_shape: [info.filterHeight, info.filterWidth], pads: turnedPads(info) },
  );
  return transpose(graph, dx, TO_CHANNELS_LAST);
}
