import type { Graph, Value } from '../graph';
import { reshape, type Lowering, type Lowerings } from './lowering';
import { matMul } from './matmul';

interface ResizeAttributes {
  alignCorners: boolean;
  halfPixelCenters: boolean;
}

type Resize = ResizeAttributes & { size: [number, number] };

/** For every cell of a resized axis: the cells of the original that it mixes, with their weights. */
type Mixing = (from: number, to: number, attributes: ResizeAttributes) => [number, number][][];

/** How many cells of the original one cell of the result spans. */
function scale(from: number, to: number, { alignCorners }: ResizeAttributes): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

/** Every cell of the result is a copy of one cell. */
const nearest: Mixing = (from, to, attributes) => {
  const { alignCorners, halfPixelCenters } = attributes;
  const round = alignCorners ? Math.round : Math.floor;
  return Array.from({ length: to }, (_, i) => {
    const at = scale(from, to, attributes) * (halfPixelCenters ? i + 0.5 : i);
    return [[Math.min(round(at), from - 1), 1]];
  });
};

/** Every cell of the result lies between two cells. */
const linear: Mixing = (from, to, attributes) =>
  Array.from({ length: to }, (_, i) => {
    const step = scale(from, to, attributes);
    const at = attributes.halfPixelCenters ? step * (i + 0.5) - 0.5 : step * i;
    const low = Math.max(0, Math.floor(at));
    const high = Math.min(from - 1, Math.ceil(at));
    return [
      [low, 1 - (at - low)],
      [high, at - low],
    ];
  });

/** The mixing as a matrix [to, from]. */
function matrix(graph: Graph, mixing: [number, number][][], from: number): Value {
  const weights = new Float32Array(mixing.length * from);
  mixing.forEach((cells, i) => {
    for (const [cell, weight] of cells) weights[i * from + cell] += weight;
  });
  return graph.constant(weights, [mixing.length, from]);
}

/**
 * Resizing is linear in the image, along the rows and along the columns: the product with a matrix on
 * either side, and its gradient is the product with the transposed matrices.
 */
function multiplied(
  graph: Graph,
  image: Value,
  rows: Value,
  columns: Value,
  transposeA: boolean,
): Value {
  const [batch, height, width, channels] = image.shape;
  const product = { transposeA, transposeB: false };
  const tall = matMul(
    graph,
    rows,
    reshape(graph, image, [batch, height, width * channels]),
    product,
  );
  const newHeight = tall.shape[1];
  const lines = reshape(graph, tall, [batch * newHeight, width, channels]);
  const wide = matMul(graph, columns, lines, product);
  return reshape(graph, wide, [batch, newHeight, wide.shape[1], channels]);
}

function gradient(mixing: Mixing): Lowering<ResizeAttributes> {
  return (graph, { images, dy }, attributes) => {
    const [rows, columns] = [1, 2].map((axis) => {
      const [from, to] = [images.shape[axis], dy.shape[axis]];
      return matrix(graph, mixing(from, to, attributes), from);
    });
    return multiplied(graph, dy, rows, columns, true);
  };
}

const resizeLinear: Lowering<Resize> = (graph, { images }, { size, ...attributes }) => {
  const [rows, columns] = [0, 1].map((i) => {
    const from = images.shape[i + 1];
    return matrix(graph, linear(from, size[i], attributes), from);
  });
  return multiplied(graph, images, rows, columns, false);
};

const resizeNearest: Lowering<Resize> = (graph, { images }, { size, ...attributes }) =>
  size.reduce((image, to, i) => {
    const axis = i + 1;
    const chosen = nearest(image.shape[axis], to, attributes).map(([[cell]]) => cell);
    const shape = image.shape.map((dimension, k) => (k === axis ? to : dimension));
    const indices = graph.constant(Int32Array.from(chosen), [to]);
    return graph.node('Gather', [image, indices], { shape, dtype: image.dtype }, { axis });
  }, images);

export const RESIZE: Lowerings = {
  ResizeNearestNeighbor: resizeNearest,
  ResizeNearestNeighborGrad: gradient(nearest),
  ResizeBilinear: resizeLinear,
  ResizeBilinearGrad: gradient(linear),
};
