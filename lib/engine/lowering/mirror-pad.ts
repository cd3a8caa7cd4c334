import { concat, reverseAxis, slice } from './shape';
import type { Graph, Value } from '../graph';
import type { Lowering, Lowerings } from './lowering';

type Mode = 'reflect' | 'symmetric';

/** `value` continued beyond both ends of `axis` by its mirror image; 'symmetric' repeats the edge. */
function mirrorAxis(
  graph: Graph,
  value: Value,
  axis: number,
  [before, after]: [number, number],
  mode: Mode,
): Value {
  const length = value.shape[axis];
  const edge = mode === 'reflect' ? 1 : 0;
  const mirrored = (start: number, count: number): Value[] => {
    if (count === 0) return [];
    const begin = value.shape.map((_, i) => (i === axis ? start : 0));
    const size = value.shape.map((dimension, i) => (i === axis ? count : dimension));
    return [reverseAxis(graph, slice(graph, value, begin, size), axis)];
  };
  const parts = [...mirrored(edge, before), value, ...mirrored(length - edge - after, after)];
  return concat(graph, parts, axis);
}

const mirrorPad: Lowering<{ paddings: [number, number][]; mode: Mode }> = (
  graph,
  { x },
  { paddings, mode },
) => paddings.reduce((value, padding, axis) => mirrorAxis(graph, value, axis, padding, mode), x);

export const MIRROR_PAD: Lowerings = { MirrorPad: mirrorPad };
