import type { backend_util } from '@tensorflow/tfjs';
import type { Graph, Value } from '../engine/graph';
import { blockedFilterGradient } from '../engine/lowering/blocked-filter-gradient';
import { fillsBlocks, padsOf } from '../engine/lowering/blocks';
import { cellColumns, padded, planeColumns } from '../engine/lowering/columns';
import { TO_BATCH_LAST } from '../engine/lowering/layout';
import { reshape } from '../engine/lowering/lowering';
import { matMul } from '../engine/lowering/matmul';
import { concat, slice } from '../engine/lowering/shape';
import { transpose } from '../engine/lowering/transpose';
import type { GraphForm } from './graph-form';

type Info = backend_util.Conv2DInfo;

/** Ways to the gradient of a convolution by its filter, from x and dy. */
export const FILTER_GRADIENT_FORMS: GraphForm[] = [
  {
    name: 'nine products, batch last',
    write: (graph, { x, dy }, info) => productsOfShiftedImages(graph, x, dy, info),
  },
  {
    name: 'columns by Gather',
    write: (graph, { x, dy }, info) => productWithGathered(graph, x, dy, info),
  },
  {
    name: 'columns by Slice',
    write: (graph, { x, dy }, info) => productWithSliced(graph, x, dy, info),
  },
  {
    name: 'in blocks',
    write: (graph, { x, dy }, info) => blockedFilterGradient(graph, x, dy, info),
    takes: (graph, info) =>
      fillsBlocks(graph, info.batchSize, info.outChannels) &&
      info.strideHeight === 1 &&
      info.strideWidth === 1,
  },
  {
    name: 'Conv between transpositions',
    write: (graph, { x, dy }, info) => portableFilterGradient(graph, x, dy, info),
  },
];

function productWithGathered(graph: Graph, x: Value, dy: Value, info: Info): Value {
  const columns = cellColumns(graph, x, info);
  const transposed = { transposeA: true, transposeB: false };
  const product = matMul(graph, columns, gradientRows(graph, dy, info), transposed);
  return reshape(graph, product, info.filterShape);
}

function productWithSliced(graph: Graph, x: Value, dy: Value, info: Info): Value {
  const product = matMul(graph, planeColumns(graph, x, info), gradientRows(graph, dy, info));
  return reshape(graph, product, info.filterShape);
}

/** dy as [position, channel]. */
function gradientRows(graph: Graph, dy: Value, info: Info): Value {
  const positions = info.batchSize * info.outHeight * info.outWidth;
  return reshape(graph, dy, [positions, info.outChannels]);
}

/** For every cell of the filter the image as that cell sees it, times dy: [channel, channel]. */
function productsOfShiftedImages(graph: Graph, x: Value, dy: Value, info: Info): Value {
  const { inChannels, outChannels, outHeight, outWidth, batchSize } = info;
  const positions = outHeight * outWidth * batchSize;
  const planes = padded(graph, transpose(graph, x, TO_BATCH_LAST), info, 1);
  const gradient = reshape(graph, transpose(graph, dy, TO_BATCH_LAST), [outChannels, positions]);
  const size = [inChannels, outHeight, outWidth, batchSize];
  const steps = [1, info.strideHeight, info.strideWidth, 1];
  const products: Value[] = [];
  for (let u = 0; u < info.filterHeight; u++) {
    for (let v = 0; v < info.filterWidth; v++) {
      const seen = reshape(graph, slice(graph, planes, [0, u, v, 0], size, steps), [
        inChannels,
        positions,
      ]);
      products.push(matMul(graph, seen, gradient, { transposeA: false, transposeB: true }));
    }
  }
  return reshape(graph, concat(graph, products, 0), info.filterShape);
}

/** The images take the place of the channels, and dy, its rows strides apart, that of the filter. */
function portableFilterGradient(graph: Graph, x: Value, dy: Value, info: Info): Value {
  const { inChannels, outChannels, filterHeight, filterWidth, outHeight, outWidth } = info;
  const [top, left, bottom, right] = padsOf(info);
  const height = info.inHeight + top + bottom - (outHeight - 1) * info.strideHeight;
  const width = info.inWidth + left + right - (outWidth - 1) * info.strideWidth;
  const product = graph.node(
    'Conv',
    [transpose(graph, x, [3, 0, 1, 2]), transpose(graph, dy, [3, 0, 1, 2])],
    { shape: [inChannels, outChannels, height, width], dtype: 'float32' },
    {
      kernel_shape: [outHeight, outWidth],
      dilations: [info.strideHeight, info.strideWidth],
      pads: [top, left, bottom, right],
    },
  );
  // Where the stride leaves a rest, more cells than the filter has.
  const size = [inChannels, outChannels, filterHeight, filterWidth];
  return transpose(graph, slice(graph, product, [0, 0, 0, 0], size), [2, 3, 0, 1]);
}
