import { cast, filled, type Lowering, type Lowerings } from './lowering';

/** Adds every slice of `updates` to zeros of `shape`, at the place that its row of `indices` names. */
const scatter: Lowering<{ shape: number[] }> = (graph, { indices, updates }, { shape }) => {
  const type = { shape, dtype: updates.dtype };
  const zeros = filled(graph, shape, updates.dtype, 0);
  const places = cast(graph, indices, 'int64');
  return graph.node('ScatterND', [zeros, places, updates], type, { reduction: 'add' });
};

export const SCATTER: Lowerings = {
  ScatterNd: scatter,
};
