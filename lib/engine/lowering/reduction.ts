import type { Graph, Value } from '../graph';
import { absorberOf } from './absorption';
import { cast, elementwise, frontAxis, type Lowering, type Lowerings } from './lowering';
import { originOf, transpose } from './transpose';

interface ReductionAttributes {
  axis?: number | number[] | null;
  /** The kernel Max calls its axes so. */
  reductionIndices?: number | number[];
  keepDims?: boolean;
}

/** Reduces `x` over `axes` with an ONNX reduction such as ReduceSum. */
export function reduce(
  graph: Graph,
  op: string,
  x: Value,
  axes: readonly number[],
  keepDims = false,
): Value {
  if (axes.length === 0) return x;
  const origin = originOf(x);
  if (!origin) return reduceAsStored(graph, op, x, axes, keepDims);
  const { source, perm } = origin;
  const reduced = reduceAsStored(
    graph,
    op,
    source,
    axes.map((axis) => perm[axis]),
    keepDims,
  );
  if (keepDims) return transpose(graph, reduced, perm);
  const left = perm.filter((_, axis) => !axes.includes(axis));
  const order = [...left].sort((a, b) => a - b);
  return transpose(
    graph,
    reduced,
    left.map((axis) => order.indexOf(axis)),
  );
}

function reduceAsStored(
  graph: Graph,
  op: string,
  x: Value,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  const shape = keepDims
    ? x.shape.map((dimension, i) => (axes.includes(i) ? 1 : dimension))
    : x.shape.filter((_, i) => !axes.includes(i));
  const type = { shape, dtype: x.dtype };
  return graph.node(op, [x, graph.integers(axes)], type, { keepdims: keepDims ? 1 : 0 });
}

function reduction(op: string): Lowering<ReductionAttributes> {
  return (graph, { x }, { axis, reductionIndices, keepDims }) => {
    const given = axis ?? reductionIndices;
    const axes =
      given === undefined || given === null
        ? x.shape.map((_, i) => i)
        : [given].flat().map((a) => frontAxis(a, x.shape.length));
    if (op === 'ReduceMean') return reduce(graph, op, cast(graph, x, 'float32'), axes, keepDims);
    const perChannel = axes.length === x.shape.length - 1 && !axes.includes(axes.length);
    if (op === 'ReduceSum' && perChannel && !keepDims) {
      const sum = absorberOf(x).sumPerChannel?.();
      if (sum) return sum;
    }
    if (x.dtype !== 'bool') return reduce(graph, op, x, axes, keepDims);
    return cast(graph, reduce(graph, op, cast(graph, x, 'int32'), axes, keepDims), 'bool');
  };
}

function extremeIndex(op: string): Lowering<{ axis: number }> {
  return (graph, { x }, { axis }) => {
    const at = frontAxis(axis, x.shape.length);
    const shape = x.shape.filter((_, i) => i !== at);
    const index = graph.node(op, [x], { shape, dtype: 'int64' }, { axis: at, keepdims: 0 });
    return cast(graph, index, 'int32');
  };
}

const topK: Lowering<{ k: number; sorted: boolean }> = (graph, { x }, { k, sorted }) => {
  const axis = x.shape.length - 1;
  const shape = [...x.shape.slice(0, axis), k];
  const [values, indices] = graph.nodeWithOutputs(
    'TopK',
    [x, graph.integers([k])],
    [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int64' },
    ],
    { axis, largest: 1, sorted: sorted ? 1 : 0 },
  );
  return [values, cast(graph, indices, 'int32')];
};

const cumulativeSum: Lowering<{ axis: number; exclusive: boolean; reverse: boolean }> = (
  graph,
  { x },
  { axis, exclusive, reverse },
) =>
  graph.node('CumSum', [x, graph.constant(Int32Array.of(frontAxis(axis, x.shape.length)), [])], x, {
    exclusive: exclusive ? 1 : 0,
    reverse: reverse ? 1 : 0,
  });

const softmax: Lowering<{ dim: number }> = (graph, { logits }, { dim }) =>
  graph.node('Softmax', [logits], logits, { axis: frontAxis(dim, logits.shape.length) });

/** (x - mean) / sqrt(variance + epsilon) * scale + offset, with fixed statistics. */
const batchNormalisation: Lowering<{ varianceEpsilon: number }> = (
  graph,
  { x, mean, variance, scale, offset },
  { varianceEpsilon },
) => {
  const spread = elementwise(graph, 'Sqrt', [
    elementwise(graph, 'Add', [variance, graph.scalar(varianceEpsilon)]),
  ]);
  let y = elementwise(graph, 'Div', [elementwise(graph, 'Sub', [x, mean]), spread]);
  if (scale) y = elementwise(graph, 'Mul', [y, scale]);
  return offset ? elementwise(graph, 'Add', [y, offset]) : y;
};

export const REDUCTION: Lowerings = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Prod: reduction('ReduceProd'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  All: reduction('ReduceMin'),
  Any: reduction('ReduceMax'),
  ArgMax: extremeIndex('ArgMax'),
  ArgMin: extremeIndex('ArgMin'),
  TopK: topK,
  Cumsum: cumulativeSum,
  Softmax: softmax,
  FusedBatchNorm: batchNormalisation,
};
