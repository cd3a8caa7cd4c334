import { sizeOf, type Graph, type Value } from '../graph';
import { activate, type FusedActivation } from './elementwise';
import { broadcastShape, elementwise, reshape, type Lowering, type Lowerings } from './lowering';
import { transpose } from './transpose';

interface MatMulAttributes {
  transposeA: boolean;
  transposeB: boolean;
}

/**
 * op(a) op(b) over the last two axes, where op transposes if asked to; the leading axes broadcast.
 * A single matrix product becomes one Gemm, which transposes for free and can add a bias row.
 */
export function matMul(
  graph: Graph,
  a: Value,
  b: Value,
  { transposeA, transposeB }: MatMulAttributes = { transposeA: false, transposeB: false },
  bias?: Value,
): Value {
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const shape = [...batch, rows, columns];
  if (sizeOf(batch) === 1) {
    const inputs = [a, b].map((side) => reshape(graph, side, side.shape.slice(-2)));
    const product = graph.node(
      'Gemm',
      bias ? [...inputs, bias] : inputs,
      { shape: [rows, columns], dtype: 'float32' },
      { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 },
    );
    return reshape(graph, product, shape);
  }
  const inputs = [swapIf(graph, a, transposeA), swapIf(graph, b, transposeB)];
  const product = graph.node('MatMul', inputs, { shape, dtype: 'float32' });
  return bias ? elementwise(graph, 'Add', [product, bias]) : product;
}

function swapIf(graph: Graph, value: Value, swap: boolean): Value {
  if (!swap) return value;
  const rank = value.shape.length;
  const axes = value.shape.map((_, i) => i);
  return transpose(graph, value, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

const fused: Lowering<MatMulAttributes & FusedActivation> = (graph, { a, b, bias }, attributes) =>
  activate(graph, matMul(graph, a, b, attributes, bias), attributes);

export const MATMUL: Lowerings = {
  BatchMatMul: ((graph, { a, b }, attributes) =>
    matMul(graph, a, b, attributes)) satisfies Lowering<MatMulAttributes>,
  _FusedMatMul: fused,
};
