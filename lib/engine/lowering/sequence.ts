import type { Graph, Value } from '../graph';
import type { Lowering, Lowerings } from './lowering';

/** Sequences known when the step is compiled: constants. */
function sequence(
  graph: Graph,
  length: number,
  at: (i: number) => number,
  dtype: 'float32' | 'int32' = 'float32',
): Value {
  const data = Array.from({ length }, (_, i) => at(i));
  return graph.constant(dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data), [
    length,
  ]);
}

interface RangeAttributes {
  start: number;
  stop: number;
  step: number;
  dtype: 'float32' | 'int32';
}

/** start, start + step and so on, up to but not including stop. */
const range: Lowering<RangeAttributes> = (graph, _, { start, stop, step, dtype }) => {
  // tfjs counts down without being told to.
  const signed = stop < start && step === 1 ? -1 : step;
  const length = Math.max(0, Math.ceil((stop - start) / signed));
  return sequence(graph, length, (i) => start + i * signed, dtype);
};

/** `num` numbers at equal distances from start to stop, both included. */
const linSpace: Lowering<{ start: number; stop: number; num: number }> = (
  graph,
  _,
  { start, stop, num },
) => sequence(graph, num, (i) => start + (i * (stop - start)) / Math.max(1, num - 1));

export const SEQUENCE: Lowerings = { Range: range, LinSpace: linSpace };
