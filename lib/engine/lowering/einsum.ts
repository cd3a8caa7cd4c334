import type { Lowering, Lowerings } from './lowering';

/** Sums of products over named axes, as in 'bi,bj->ij'. ONNX takes the same notation. */
const einsum: Lowering<{ equation: string }> = (graph, inputs, { equation }) => {
  const factors = Object.values(inputs);
  const [terms, result] = equation.replace(/\s/g, '').split('->');
  const sizes = new Map<string, number>();
  terms.split(',').forEach((term, k) => {
    [...term].forEach((axis, i) => sizes.set(axis, factors[k].shape[i]));
  });
  const shape = [...result].map((axis) => sizes.get(axis)!);
  return graph.node(
    'Einsum',
    factors,
    { shape, dtype: factors[0].dtype },
    { equation: `${terms}->${result}` },
  );
};

export const EINSUM: Lowerings = { Einsum: einsum };
