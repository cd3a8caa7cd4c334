import type { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../graph';
import { convolveBlocks, fillsBlocks, toBlocks } from './blocks';
import { padded } from './columns';
import { reshape } from './lowering';
import { transpose } from './transpose';

/** Whether this way is the faster one: for one block of channels, and without strides. */
export function isThinFilter(graph: Graph, info: backend_util.Conv2DInfo): boolean {
  return (
    fillsBlocks(graph, info.batchSize, info.outChannels) &&
    info.inChannels <= graph.blockSize! &&
    info.strideHeight === 1 &&
    info.strideWidth === 1
  );
}

/**
 * The gradient by the filter as a convolution in blocks, in which the channels take the place of the
 * images, the images that of the channels, and dy that of the filter:
 *
 *   dw[u, v, c, o] = sum over b, i, j of x[b, u + i, v + j, c] dy[b, i, j, o]
 */
export function blockedFilterGradient(
  graph: Graph,
  x: Value,
  dy: Value,
  info: backend_util.Conv2DInfo,
): Value {
  const { inChannels, outChannels, filterHeight, filterWidth } = info;
  const product = convolveBlocks(graph, channelsAsImages(graph, padded(graph, x, info, 1)), {
    filter: imagesAsChannels(graph, dy),
    outputShape: [inChannels, outChannels, filterHeight, filterWidth],
    strides: [1, 1],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [0, 0, 0, 0],
  });
  const block = graph.blockSize!;
  const cells = filterHeight * filterWidth;
  const shape = [inChannels, outChannels / block, cells, block];
  const ordered = transpose(graph, reshape(graph, product, shape), [2, 0, 1, 3]);
  return reshape(graph, ordered, [filterHeight, filterWidth, inChannels, outChannels]);
}

/** [batch, height, width, channel] as [channel, batch, height, width] in blocks of the batch. */
function channelsAsImages(graph: Graph, image: Value): Value {
  const [batch, height, width, channels] = image.shape;
  const block = graph.blockSize!;
  // In two steps, of which each moves one axis: several times as fast as all at once.
  const inner = reshape(graph, image, [batch / block, block, height * width * channels]);
  const blocksLast = transpose(graph, inner, [0, 2, 1]);
  const outer = reshape(graph, blocksLast, [(batch / block) * height * width, channels, block]);
  return reshape(graph, transpose(graph, outer, [1, 0, 2]), [channels, batch, height, width]);
}

/** dy as a filter in blocks, from the batch to its channels. */
function imagesAsChannels(graph: Graph, dy: Value): Value {
  const [batch, height, width, channels] = dy.shape;
  const block = graph.blockSize!;
  const shape = [batch / block, block, channels / block, height * width, block];
  const blocks = reshape(graph, toBlocks(graph, dy), shape);
  return reshape(graph, transpose(graph, blocks, [2, 0, 3, 1, 4]), [
    channels,
    batch,
    height,
    width,
  ]);
}
