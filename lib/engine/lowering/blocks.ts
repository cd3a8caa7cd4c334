import type { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../graph';
import { reshape } from './lowering';
import { reverseAxis } from './shape';
import { transpose } from './transpose';

/**
 * onnxruntime's fastest convolutions keep an image in blocks of channels, [batch, channel / block,
 * height, width, block], and compute without unfolding it. Its optimiser uses them only where the
 * filter is a constant, which in training it never is: so these lowerings name the operators
 * themselves. They belong to onnxruntime alone (domain com.microsoft.nchwc) and exist on processors
 * for which it has such kernels; `Graph.blockSize` says whether, and how long a block is there.
 */
const DOMAIN = 'com.microsoft.nchwc';

/** How the blocks form is reached from [batch, height, width, channel] and left again. */
const blockForms = new WeakMap<Value, Value>();

/** Whether images of so many channels divide into blocks that this machine's kernels work on. */
export function fillsBlocks({ blockSize }: Graph, ...channels: number[]): boolean {
  return blockSize !== undefined && channels.every((count) => count % blockSize === 0);
}

/** An image [batch, height, width, channel] in blocks. */
export function toBlocks(graph: Graph, image: Value): Value {
  const known = blockForms.get(image);
  if (known) return known;
  const [batch, height, width, channels] = image.shape;
  const type = { shape: [batch, channels, height, width], dtype: image.dtype };
  return graph.node(`${DOMAIN}.ReorderInput`, [image], type, { channels_last: 1 });
}

/** An image in blocks as [batch, height, width, channel]. */
export function fromBlocks(graph: Graph, blocks: Value): Value {
  const [batch, channels, height, width] = blocks.shape;
  const type = { shape: [batch, height, width, channels], dtype: blocks.dtype };
  const image = graph.node(`${DOMAIN}.ReorderOutput`, [blocks], type, {
    channels,
    channels_last: 1,
  });
  blockForms.set(image, blocks);
  return image;
}

/** What a convolution in blocks is given besides the image. */
export interface BlockConvolution {
  /** From `filterInBlocks` or `turnedFilterInBlocks`. */
  filter: Value;
  outputShape: readonly [batch: number, channels: number, height: number, width: number];
  strides: readonly [number, number];
  dilations: readonly [number, number];
  /** Top, left, bottom, right. */
  pads: readonly [number, number, number, number];
  bias?: Value;
  /** Whether the result is max(., 0). */
  rectified?: boolean;
}

/** The convolution of an image in blocks. */
export function convolveBlocks(graph: Graph, blocks: Value, options: BlockConvolution): Value {
  const { filter, outputShape, strides, dilations, pads, bias, rectified } = options;
  return graph.node(
    `${DOMAIN}.Conv`,
    bias ? [blocks, filter, bias] : [blocks, filter],
    { shape: outputShape, dtype: 'float32' },
    {
      auto_pad: 'NOTSET',
      group: 1,
      kernel_shape: filter.shape.slice(2),
      strides,
      dilations,
      pads,
      ...(rectified ? { activation: 'Relu' } : {}),
    },
  );
}

/** The filter [height, width, in, out] as [out / block, in / block, height, width, in, out]. */
export function filterInBlocks(graph: Graph, filter: Value): Value {
  return split(graph, filter, [4, 2, 0, 1, 3, 5]);
}

/** The filter of the gradient by the input: turned by 180 degrees, with in and out exchanged. */
export function turnedFilterInBlocks(graph: Graph, filter: Value): Value {
  return split(graph, turned(graph, filter), [2, 4, 0, 1, 5, 3]);
}

/** The filter with its channels divided into blocks, and the axes in another order. */
function split(graph: Graph, filter: Value, order: readonly number[]): Value {
  const block = graph.blockSize!;
  const [height, width, inner, outer] = filter.shape;
  const divided = [height, width, inner / block, block, outer / block, block];
  const ordered = transpose(graph, reshape(graph, filter, divided), order);
  const [filters, channels] = order[0] === 4 ? [outer, inner] : [inner, outer];
  return reshape(graph, ordered, [filters, channels, height, width]);
}

function turned(graph: Graph, filter: Value): Value {
  return [0, 1].reduce((value, axis) => reverseAxis(graph, value, axis), filter);
}

/** The padding of a convolution in onnxruntime's order. */
export function padsOf({ padInfo }: backend_util.Conv2DInfo): [number, number, number, number] {
  return [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right];
}
