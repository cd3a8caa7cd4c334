import { slice_util } from '@tensorflow/tfjs';
import { sizeOf, type ElementType, type Graph, type Value } from '../graph';
import {
  cast,
  elementwise,
  filled,
  frontAxis,
  type Lowering,
  type Lowerings,
  reshape,
} from './lowering';
import { transpose } from './transpose';

/** The part of `value` from `begin`, `size` long, along every axis. */
export function slice(
  graph: Graph,
  value: Value,
  begin: readonly number[],
  size: readonly number[],
  steps: readonly number[] = begin.map(() => 1),
): Value {
  const ends = begin.map((start, i) => start + (size[i] - 1) * steps[i] + 1);
  const axes = begin
    .map((_, axis) => axis)
    .filter((i) => begin[i] !== 0 || ends[i] !== value.shape[i] || steps[i] !== 1);
  if (axes.length === 0) return value;
  const at = (list: readonly number[]): Value => graph.integers(axes.map((axis) => list[axis]));
  return graph.node('Slice', [value, at(begin), at(ends), graph.integers(axes), at(steps)], {
    shape: size,
    dtype: value.dtype,
  });
}

/** `value` with `before` and `after` cells of `fill` added along every axis. */
export function pad(
  graph: Graph,
  value: Value,
  before: readonly number[],
  after: readonly number[],
  fill = 0,
): Value {
  if ([...before, ...after].every((count) => count === 0)) return value;
  const shape = value.shape.map((dimension, i) => dimension + before[i] + after[i]);
  const cell = filled(graph, [], value.dtype, fill);
  return graph.node('Pad', [value, graph.integers([...before, ...after]), cell], {
    shape,
    dtype: value.dtype,
  });
}

/** `values` one after another along `axis`. */
export function concat(graph: Graph, values: readonly Value[], axis: number): Value {
  if (values.length === 1) return values[0];
  const shape = [...values[0].shape];
  shape[axis] = values.reduce((sum, value) => sum + value.shape[axis], 0);
  return graph.node('Concat', values, { shape, dtype: values[0].dtype }, { axis });
}

const sliceKernel: Lowering<{ begin: number | number[]; size: number | number[] }> = (
  graph,
  { x },
  attributes,
) => {
  const begin = perAxis(attributes.begin, x.shape.length, 0);
  const size = perAxis(attributes.size, x.shape.length, -1).map((n, i) =>
    n < 0 ? x.shape[i] - begin[i] : n,
  );
  return slice(graph, x, begin, size);
};

function perAxis(list: number | number[], rank: number, missing: number): number[] {
  const given = [list].flat();
  return Array.from({ length: rank }, (_, i) => given[i] ?? missing);
}

interface StridedSliceAttributes {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

const stridedSlice: Lowering<StridedSliceAttributes> = (graph, { x }, attributes) => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } =
    attributes;
  const resolved = slice_util.sliceInfo(
    [...x.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  if (resolved.strides.some((stride) => stride < 0)) {
    throw new Error(`compile: stridedSlice with a negative stride [${strides}]; use tf.reverse`);
  }
  const size = slice_util.computeOutShape(resolved.begin, resolved.end, resolved.strides);
  return reshape(
    graph,
    slice(graph, x, resolved.begin, size, resolved.strides),
    resolved.finalShape,
  );
};

const gather: Lowering<{ axis: number; batchDims: number }> = (
  graph,
  { x, indices },
  { axis, batchDims },
) => {
  const at = frontAxis(axis, x.shape.length);
  if (batchDims === 0) {
    const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)];
    return graph.node('Gather', [x, indices], { shape, dtype: x.dtype }, { axis: at });
  }
  if (batchDims === at && at === x.shape.length - 1 && indices.shape.length === x.shape.length) {
    return graph.node(
      'GatherElements',
      [x, indices],
      { shape: indices.shape, dtype: x.dtype },
      { axis: at },
    );
  }
  throw new Error(
    `compile: tf.gather with batchDims ${batchDims} is supported on the last axis only, got axis ${axis} of rank ${x.shape.length}`,
  );
};

/** `onValue` where the last axis counts to the index; an index outside the depth has it nowhere. */
const oneHot: Lowering<{
  depth: number;
  onValue: number;
  offValue: number;
  dtype?: ElementType;
}> = (graph, { indices }, { depth, onValue, offValue, dtype = 'float32' }) => {
  const column = reshape(graph, indices, [...indices.shape, 1]);
  const count = graph.constant(
    Int32Array.from({ length: depth }, (_, i) => i),
    [depth],
  );
  const hot = elementwise(graph, 'Equal', [column, count], 'bool');
  const [on, off] = [onValue, offValue].map((x) => filled(graph, [], dtype, x));
  return elementwise(graph, 'Where', [hot, on, off], dtype);
};

/** Adds each row of `x` to the row of the result that its segment id names. */
const unsortedSegmentSum: Lowering<{ numSegments: number }> = (
  graph,
  { x, segmentIds },
  { numSegments },
) => {
  const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
  const ids = cast(graph, reshape(graph, segmentIds, [...segmentIds.shape, 1]), 'int64');
  const type = { shape, dtype: x.dtype };
  const zeros = filled(graph, shape, x.dtype, 0);
  return graph.node('ScatterND', [zeros, ids, x], type, { reduction: 'add' });
};

/** Splits along an axis into parts of the given sizes. */
const split: Lowering<{ numOrSizeSplits: number[] | number; axis: number }> = (
  graph,
  { x },
  { numOrSizeSplits, axis },
) => {
  const at = frontAxis(axis, x.shape.length);
  const sizes = splitSizes(x.shape[at], numOrSizeSplits);
  let start = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === at ? start : 0));
    start += size;
    return slice(
      graph,
      x,
      begin,
      x.shape.map((dimension, i) => (i === at ? size : dimension)),
    );
  });
};

function splitSizes(length: number, parts: number[] | number): number[] {
  if (typeof parts === 'number') return Array<number>(parts).fill(length / parts);
  const rest = length - parts.reduce((sum, size) => sum + Math.max(size, 0), 0);
  return parts.map((size) => (size < 0 ? rest : size));
}

const unpack: Lowering<{ axis: number }> = (graph, { value }, { axis }) => {
  const at = frontAxis(axis, value.shape.length);
  const without = value.shape.filter((_, i) => i !== at);
  return Array.from({ length: value.shape[at] }, (_, k) => {
    const begin = value.shape.map((__, i) => (i === at ? k : 0));
    const size = value.shape.map((dimension, i) => (i === at ? 1 : dimension));
    return reshape(graph, slice(graph, value, begin, size), without);
  });
};

const pack: Lowering<{ axis: number }> = (graph, inputs, { axis }) => {
  const parts = Object.values(inputs);
  const at = frontAxis(axis, parts[0].shape.length + 1);
  const shape = [...parts[0].shape.slice(0, at), 1, ...parts[0].shape.slice(at)];
  return concat(
    graph,
    parts.map((part) => reshape(graph, part, shape)),
    at,
  );
};

const reverse: Lowering<{ dims: number | number[] | null }> = (graph, { x }, { dims }) => {
  const given = dims ?? x.shape.map((_, i) => i);
  const axes = [given].flat().map((axis) => frontAxis(axis, x.shape.length));
  return axes.reduce((value, axis) => reverseAxis(graph, value, axis), x);
};

/** `value` read backwards along `axis`. */
export function reverseAxis(graph: Graph, value: Value, axis: number): Value {
  const [start, end] = [graph.integers([-1]), graph.integers([-(2 ** 31)])];
  const inputs = [value, start, end, graph.integers([axis]), graph.integers([-1])];
  return graph.node('Slice', inputs, { shape: value.shape, dtype: value.dtype });
}

type ShapeAttributes = { shape: number[] };

export const SHAPE: Lowerings = {
  Identity: (_, { x }) => x,
  Reshape: ((graph, { x }, { shape }) => {
    const known = shape.reduce((size, dimension) => (dimension < 0 ? size : size * dimension), 1);
    const free = sizeOf(x.shape) / known;
    return reshape(
      graph,
      x,
      shape.map((dimension) => (dimension < 0 ? free : dimension)),
    );
  }) satisfies Lowering<ShapeAttributes>,
  ExpandDims: ((graph, { input }, { dim }) => {
    const at = frontAxis(dim, input.shape.length + 1);
    return reshape(graph, input, [...input.shape.slice(0, at), 1, ...input.shape.slice(at)]);
  }) satisfies Lowering<{ dim: number }>,
  Transpose: ((graph, { x }, { perm }) => transpose(graph, x, perm)) satisfies Lowering<{
    perm: number[];
  }>,
  Cast: ((graph, { x }, { dtype }) => cast(graph, x, dtype)) satisfies Lowering<{
    dtype: ElementType;
  }>,
  Tile: ((graph, { x }, { reps }) => {
    const shape = x.shape.map((dimension, i) => dimension * reps[i]);
    if (reps.every((count) => count === 1)) return x;
    return graph.node('Tile', [x, graph.integers(reps)], { shape, dtype: x.dtype });
  }) satisfies Lowering<{ reps: number[] }>,
  Fill: ((graph, _, { shape, value, dtype }) =>
    filled(graph, shape, dtype ?? 'float32', value)) satisfies Lowering<{
    shape: number[];
    value: number;
    dtype: ElementType;
  }>,
  ZerosLike: (graph, { x }) => filled(graph, x.shape, x.dtype, 0),
  OnesLike: (graph, { x }) => filled(graph, x.shape, x.dtype, 1),
  Concat: ((graph, inputs, { axis }) => {
    const parts = Object.values(inputs).filter((part) => sizeOf(part.shape) > 0);
    return concat(graph, parts, frontAxis(axis, parts[0].shape.length));
  }) satisfies Lowering<{ axis: number }>,
  Slice: sliceKernel,
  StridedSlice: stridedSlice,
  PadV2: ((graph, { x }, { paddings, constantValue }) =>
    pad(
      graph,
      x,
      paddings.map(([before]) => before),
      paddings.map(([, after]) => after),
      constantValue,
    )) satisfies Lowering<{ paddings: [number, number][]; constantValue: number }>,
  GatherV2: gather,
  UnsortedSegmentSum: unsortedSegmentSum,
  OneHot: oneHot,
  Pack: pack,
  Unpack: unpack,
  SplitV: split,
  Reverse: reverse,
};
