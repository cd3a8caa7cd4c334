import type { Attribute, ElementType, Graph, Value } from '../graph';
import { beforeOrder, commonOrder, transpose } from './transpose';

/**
 * How one tfjs kernel is written in ONNX: appends nodes to the graph for the given inputs (by the
 * kernel's own input names; by position where the kernel takes a list) and attributes, and returns
 * the value, or values, that the kernel computes.
 */
// The attributes differ from kernel to kernel; each lowering names the ones it reads.
export type Lowering<Attributes = never> = (
  graph: Graph,
  inputs: Record<string, Value>,
  attributes: Attributes,
) => Value | readonly Value[];

/** Lowerings by the name of the tfjs kernel. */
export type Lowerings = Record<string, Lowering>;

/** What a value was before it was given another shape. */
const shapedFrom = new WeakMap<Value, Value>();

/** `value` with another shape of the same size. */
export function reshape(graph: Graph, value: Value, shape: readonly number[]): Value {
  if (sameShape(value.shape, shape)) return value;
  const original = shapedFrom.get(value);
  if (original) return reshape(graph, original, shape);
  const uniform = graph.uniform.get(value);
  if (uniform !== undefined) return filled(graph, shape, value.dtype, uniform);
  const type = { shape, dtype: value.dtype };
  const shaped = graph.node('Reshape', [value, graph.integers(shape)], type);
  shapedFrom.set(shaped, value);
  return shaped;
}

/** `value` with another element type. */
export function cast(graph: Graph, value: Value, dtype: ElementType): Value {
  if (value.dtype === dtype) return value;
  const to = { float32: 1, int32: 6, int64: 7, bool: 9 }[dtype];
  return elementwise(graph, 'Cast', [value], dtype, { to });
}

/** An element-wise node whose output has the type and the broadcast shape of its inputs. */
export function elementwise(
  graph: Graph,
  op: string,
  inputs: readonly Value[],
  dtype: ElementType = inputs[0].dtype,
  attributes: Record<string, Attribute> = {},
): Value {
  const shape = inputs.map((input) => input.shape).reduce(broadcastShape);
  const needed = withoutNeutral(graph, op, inputs);
  const reached = needed.map((input) => input.shape).reduce(broadcastShape);
  const alone = needed.length === 1 && inputs.length > 1;
  if (!sameShape(reached, shape)) {
    const small = alone ? needed[0] : elementwise(graph, op, needed, dtype, attributes);
    return expanded(graph, small, shape);
  }
  if (alone) return needed[0];
  const order = commonOrder(needed, shape.length);
  if (!order) return graph.node(op, needed, { shape, dtype }, attributes);
  const originals = needed.map((input) => beforeOrder(graph, input, shape.length, order));
  const result = originals.map((original) => original.shape).reduce(broadcastShape);
  return transpose(graph, graph.node(op, originals, { shape: result, dtype }, attributes), order);
}

/** Operations that leave their left argument as it is when all others are this number. */
const NEUTRAL: Record<string, number> = { Add: 0, Sub: 0, Sum: 0, Mul: 1, Div: 1 };
const COMMUTATIVE = new Set(['Add', 'Sum', 'Mul']);

/**
 * The inputs that can change the result, as small as they came. Gradients are full of sums with zeros
 * (a step function's gradient) and products with ones (a sum's gradient, which also spreads it), of
 * the size of the largest tensor.
 */
function withoutNeutral(graph: Graph, op: string, inputs: readonly Value[]): readonly Value[] {
  const small = inputs.map((input) => expandedFrom.get(input) ?? input);
  if (!(op in NEUTRAL)) return small;
  const kept = small.filter(
    (input, i) => (i === 0 && !COMMUTATIVE.has(op)) || graph.uniform.get(input) !== NEUTRAL[op],
  );
  if (kept.length === 0) return small.slice(0, 1);
  return kept.length === 1 || op === 'Sum' ? kept : small;
}

/** What a value was before it was spread over a larger shape. */
const expandedFrom = new WeakMap<Value, Value>();

/** `value` spread over `shape`; element-wise work that follows is done on the smaller one. */
function expanded(graph: Graph, value: Value, shape: readonly number[]): Value {
  const spread = graph.node('Expand', [value, graph.integers(shape)], {
    shape,
    dtype: value.dtype,
  });
  expandedFrom.set(spread, value);
  return spread;
}

/** The shape of an element-wise result (numpy's rules). */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    return left === 1 ? right : left;
  });
}

/** `axis` counted from the front. */
export function frontAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** A constant filled with one number. */
export function filled(
  graph: Graph,
  shape: readonly number[],
  dtype: ElementType,
  x: number,
): Value {
  const one = graph.constant(
    dtype === 'int32' ? Int32Array.of(x) : dtype === 'bool' ? Uint8Array.of(x) : Float32Array.of(x),
    [],
  );
  const all =
    shape.length === 0 ? one : graph.node('Expand', [one, graph.integers(shape)], { shape, dtype });
  graph.uniform.set(all, x);
  return all;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}
