import { sizeOf, type Graph, type Value } from '../graph';

/**
 * Transposes are carried along instead of being done on the spot: a transposed value is remembered
 * with what it was made from, element-wise work and reductions are done on the original, and their
 * result is transposed in its stead. Where a later transposition undoes an earlier one, nobody needs
 * the transposed value any more, and the node is left out of the model. So images stay in the order
 * [batch, channel, height, width] between two of ONNX's own operators for images, although tfjs speaks
 * of them as NHWC throughout.
 */

/** What a transposed value was made from: `value` = transpose(`source`, `perm`). */
export interface Origin {
  source: Value;
  perm: readonly number[];
}

const origins = new WeakMap<Value, Origin>();

/** Where a value comes from by transposition; undefined when it is computed as it stands. */
export function originOf(value: Value): Origin | undefined {
  return origins.get(value);
}

/** `value` with its axes in the order `perm`, as numpy's transpose. */
export function transpose(graph: Graph, value: Value, perm: readonly number[]): Value {
  const origin = origins.get(value);
  if (origin) return transpose(graph, origin.source, compose(origin.perm, perm));
  if (perm.every((axis, i) => axis === i)) return value;
  const shape = perm.map((axis) => value.shape[axis]);
  if (keepsOrder(value.shape, perm)) {
    return graph.node('Reshape', [value, graph.integers(shape)], { shape, dtype: value.dtype });
  }
  const transposed = transposeNodes(graph, value, perm);
  origins.set(transposed, { source: value, perm });
  return transposed;
}

/**
 * onnxruntime moves one axis quickly and several slowly. Turning a whole image batch round, between
 * [batch, height, width, channel] and its reverse, takes a third of the time in two steps: the outer
 * axes first, whose rows stay whole, then the innermost to the front.
 */
function transposeNodes(graph: Graph, value: Value, perm: readonly number[]): Value {
  const node = (input: Value, order: readonly number[]): Value => {
    const shape = order.map((axis) => input.shape[axis]);
    return graph.node('Transpose', [input], { shape, dtype: input.dtype }, { perm: order });
  };
  return perm.join() === '3,1,2,0'
    ? node(node(value, [1, 2, 0, 3]), [3, 0, 1, 2])
    : node(value, perm);
}

/** The transposition that undoes `perm`. */
export function inverse(perm: readonly number[]): number[] {
  const undone: number[] = [];
  perm.forEach((axis, i) => (undone[axis] = i));
  return undone;
}

/**
 * The order in which element-wise work on `inputs` is best done: that of the largest transposed one.
 * Undefined when none is transposed.
 */
export function commonOrder(inputs: readonly Value[], rank: number): readonly number[] | undefined {
  const transposed = inputs.filter((input) => origins.has(input) && input.shape.length === rank);
  if (transposed.length === 0) return undefined;
  const largest = transposed.reduce((a, b) => (sizeOf(b.shape) > sizeOf(a.shape) ? b : a));
  return origins.get(largest)?.perm;
}

/** `value`, brought to `rank` by leading axes of length 1, in the order before `perm`. */
export function beforeOrder(
  graph: Graph,
  value: Value,
  rank: number,
  perm: readonly number[],
): Value {
  if (value.shape.length === 0) return value;
  const shape = [...Array<number>(rank - value.shape.length).fill(1), ...value.shape];
  const full =
    shape.length === value.shape.length
      ? value
      : graph.node('Reshape', [value, graph.integers(shape)], { shape, dtype: value.dtype });
  return transpose(graph, full, inverse(perm));
}

/** The transposition that does `first`, then `second`. */
function compose(first: readonly number[], second: readonly number[]): number[] {
  return second.map((axis) => first[axis]);
}

/** Whether only axes of length 1 move, so that the values stay where they are in memory. */
function keepsOrder(shape: readonly number[], perm: readonly number[]): boolean {
  const moved = perm.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, i) => i === 0 || axis > moved[i - 1]);
}
