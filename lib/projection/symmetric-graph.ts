import type { Neighbours } from '../evaluate/neighbours';

/**
 * A symmetric graph over n points, sparse: every edge twice, in rows of column numbers and values
 * (CSR). Memory that threads share.
 */
export interface SymmetricGraph {
  /** Row i stands at `starts[i]` to before `starts[i + 1]`; length n + 1. */
  starts: Int32Array;
  columns: Int32Array;
  values: Float32Array;
}

/**
 * The graph of all pairs of which one is a neighbour of the other.
 *
 * @param directed what goes from every point to each of its neighbours, row-major [n, k]
 * @param combine the value of an edge, from what goes there and what comes back, 0 where nothing does;
 *   symmetric
 */
export function symmetrized(
  { indices, k }: Neighbours,
  directed: Float64Array,
  combine: (there: number, back: number) => number,
): SymmetricGraph {
  const n = indices.length / k;
  const incoming = transposed(indices, k);
  const starts = rowStarts(indices, k, incoming);
  const columns = new Int32Array(new SharedArrayBuffer(4 * starts[n]));
  const values = new Float32Array(new SharedArrayBuffer(4 * starts[n]));
  // Where the pair (i, j) of the current row i stands, if it is not from a row before.
  const place = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    const start = starts[i];
    for (let j = 0; j < k; j++) {
      const column = indices[i * k + j];
      columns[start + j] = column;
      values[start + j] = combine(directed[i * k + j], 0);
      place[column] = start + j;
    }
    let end = start + k;
    for (let e = incoming.starts[i]; e < incoming.starts[i + 1]; e++) {
      const edge = incoming.edges[e];
      const column = Math.floor(edge / k);
      const mutual = place[column] - start;
      if (mutual >= 0) {
        values[start + mutual] = combine(directed[i * k + mutual], directed[edge]);
      } else {
        columns[end] = column;
        values[end++] = combine(0, directed[edge]);
      }
    }
  }
  return { starts, columns, values };
}

/** For every point, the places in `indices` where it is a neighbour. */
interface Incoming {
  starts: Int32Array;
  edges: Int32Array;
}

function transposed(indices: Int32Array, k: number): Incoming {
  const n = indices.length / k;
  const starts = new Int32Array(n + 2);
  for (let e = 0; e < indices.length; e++) starts[indices[e] + 2]++;
  for (let i = 2; i < n + 2; i++) starts[i] += starts[i - 1];
  const edges = new Int32Array(indices.length);
  for (let e = 0; e < indices.length; e++) edges[starts[indices[e] + 1]++] = e;
  return { starts: starts.subarray(0, n + 1), edges };
}

/** Row i has k neighbours, and those points of which it is one without being theirs. */
function rowStarts(indices: Int32Array, k: number, incoming: Incoming): Int32Array {
  const n = indices.length / k;
  const starts = new Int32Array(new SharedArrayBuffer(4 * (n + 1)));
  const seen = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    let length = k;
    for (let e = i * k; e < (i + 1) * k; e++) seen[indices[e]] = i;
    for (let e = incoming.starts[i]; e < incoming.starts[i + 1]; e++) {
      if (seen[Math.floor(incoming.edges[e] / k)] !== i) length++;
    }
    starts[i + 1] = starts[i] + length;
  }
  return starts;
}
