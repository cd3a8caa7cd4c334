/** Points of a leaf, unless more share the finest cell. */
const LEAF_POINTS = 16;

/** Bits of a coordinate in a Morton code: 2 x 16 bits make an unsigned 32-bit number. */
const BITS = 16;
const CELLS = 2 ** BITS;

/**
 * A quadtree over n points in the plane, as flat arrays that threads share. Nodes stand in depth-first
 * order: the first child of a node, where it has one, is the node after it, and `next` leads past
 * everything below it, so that a walk needs no stack. No node has a single child.
 */
export interface Quadtree {
  /** Extent over distance below which a node's points count as one mass; 0: never. */
  theta: number;
  /** [0]: number of nodes; [1]: number of leaves. */
  counts: Int32Array;
  /**
   * Per node: x and y of its points' mean, their number, and the square of the distance beyond which
   * they count as one mass; row-major [2n, 4].
   */
  masses: Float64Array;
  /** Per node: the least x and y of its points, and the greatest; row-major [2n, 4]. */
  boxes: Float64Array;
  /** Per node: the node after all below it. */
  next: Int32Array;
  /** Per node: its points are those at `first` to before `last` of `order`. */
  first: Int32Array;
  last: Int32Array;
  /** The nodes that are leaves, from left to right. */
  leaves: Int32Array;
  /** The points along the Morton curve, which keeps together what is close. */
  order: Int32Array;
  /** x and y of the points in that order, row-major [n, 2]. */
  sorted: Float64Array;
}

/** A tree without points, in memory that threads share. */
export function emptyQuadtree(n: number, theta: number): Quadtree {
  const int32 = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * length));
  const float64 = (length: number): Float64Array =>
    new Float64Array(new SharedArrayBuffer(8 * length));
  return {
    theta,
    counts: int32(2),
    masses: float64(8 * n),
    boxes: float64(8 * n),
    next: int32(2 * n),
    first: int32(2 * n),
    last: int32(2 * n),
    leaves: int32(n),
    order: int32(n),
    sorted: float64(2 * n),
  };
}

/** Points closer together than this are hardly pushed apart: the force changes over distances of 1. */
const SAME_PLACE = 0.01;

/** Whether a leaf holds so many points, on so little space, that they count as one mass even for each other. */
export function isCrowded({ first, last, boxes }: Quadtree, leaf: number): boolean {
  return (
    last[leaf] - first[leaf] > LEAF_POINTS &&
    boxes[4 * leaf + 2] - boxes[4 * leaf] < SAME_PLACE &&
    boxes[4 * leaf + 3] - boxes[4 * leaf + 1] < SAME_PLACE
  );
}

/**
 * Prepares a function that builds the tree anew, over whatever `positions` then holds, in
 * O(n log n): a radix sort of Morton codes, of which every run with a common beginning is a node.
 *
 * @param positions x and y of every point, row-major [n, 2]
 * @returns throws Error when the positions are not finite, or too far apart for float32
 */
export function quadtreeBuilder(positions: Float64Array, tree: Quadtree): () => void {
  const n = positions.length / 2;
  const codes = new Uint32Array(n);
  const sort = radixSorter(codes, tree.order);
  return (): void => {
    mortonCodes(positions, codes);
    sort();
    const { order, sorted } = tree;
    for (let i = 0; i < n; i++) {
      sorted[2 * i] = positions[2 * order[i]];
      sorted[2 * i + 1] = positions[2 * order[i] + 1];
    }
    tree.counts[0] = 0;
    tree.counts[1] = 0;
    addNode(tree, codes, 0, n);
  };
}

/** Writes the Morton code of every point within the square around all. */
function mortonCodes(positions: Float64Array, codes: Uint32Array): void {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 2) {
    const [x, y] = [positions[i], positions[i + 1]];
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  const side = Math.max(right - left, top - bottom);
  if (!(Math.fround(side) < Infinity)) {
    throw new Error('tsne: the positions grow without bound: a lower learningRate keeps them');
  }
  const scale = side > 0 ? (CELLS * (1 - 2 ** -20)) / side : 0;
  for (let i = 0; i < codes.length; i++) {
    const x = (positions[2 * i] - left) * scale;
    const y = (positions[2 * i + 1] - bottom) * scale;
    codes[i] = spread(x) | (spread(y) << 1);
  }
}

/** The 16 bits of a whole number, each followed by a 0. */
function spread(value: number): number {
  let bits = value | 0;
  bits = (bits | (bits << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  return (bits | (bits << 1)) & 0x55555555;
}

const DIGITS = 256;

/** Prepares a function that sorts `codes`, and writes to `order` where they were; ties keep order. */
function radixSorter(codes: Uint32Array, order: Int32Array): () => void {
  const n = codes.length;
  const otherCodes = new Uint32Array(n);
  const otherOrder = new Int32Array(n);
  const starts = new Int32Array(DIGITS + 1);
  const pass = (
    shift: number,
    from: Uint32Array,
    fromOrder: Int32Array,
    to: Uint32Array,
    toOrder: Int32Array,
  ): void => {
    starts.fill(0);
    for (let i = 0; i < n; i++) starts[((from[i] >>> shift) & 255) + 1]++;
    for (let d = 0; d < DIGITS; d++) starts[d + 1] += starts[d];
    for (let i = 0; i < n; i++) {
      const place = starts[(from[i] >>> shift) & 255]++;
      to[place] = from[i];
      toOrder[place] = fromOrder[i];
    }
  };
  return (): void => {
    for (let i = 0; i < n; i++) order[i] = i;
    pass(0, codes, order, otherCodes, otherOrder);
    pass(8, otherCodes, otherOrder, codes, order);
    pass(16, codes, order, otherCodes, otherOrder);
    pass(24, otherCodes, otherOrder, codes, order);
  };
}

/** Appends the node of the points `first` to before `last`, and all nodes below it. */
function addNode(tree: Quadtree, codes: Uint32Array, first: number, last: number): void {
  const { counts, next } = tree;
  const node = counts[0]++;
  tree.first[node] = first;
  tree.last[node] = last;
  const differing = codes[first] ^ codes[last - 1];
  if (last - first <= LEAF_POINTS || differing === 0) {
    tree.leaves[counts[1]++] = node;
    next[node] = counts[0];
    summarizePoints(tree, node);
    return;
  }
  // The two bits of the first level at which the points fall into different quadrants.
  const shift = (31 - Math.clz32(differing)) & ~1;
  for (let start = first; start < last; ) {
    const end = quadrantEnd(codes, shift, start, last);
    addNode(tree, codes, start, end);
    start = end;
  }
  next[node] = counts[0];
  summarizeChildren(tree, node);
}

/** The end of the run of codes, from `start` on, that agree with it down to the bits at `shift`. */
function quadrantEnd(codes: Uint32Array, shift: number, start: number, last: number): number {
  const quadrant = codes[start] >>> shift;
  let [inside, outside] = [start, last];
  while (outside - inside > 1) {
    const middle = (inside + outside) >> 1;
    if (codes[middle] >>> shift === quadrant) inside = middle;
    else outside = middle;
  }
  return outside;
}

function summarizePoints(
  { first, last, sorted, masses, boxes, theta }: Quadtree,
  node: number,
): void {
  const [from, to] = [first[node], last[node]];
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  let [sumX, sumY] = [0, 0];
  for (let i = from; i < to; i++) {
    const [x, y] = [sorted[2 * i], sorted[2 * i + 1]];
    sumX += x;
    sumY += y;
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  const count = to - from;
  masses[4 * node] = sumX / count;
  masses[4 * node + 1] = sumY / count;
  masses[4 * node + 2] = count;
  masses[4 * node + 3] = Math.max(right - left, top - bottom) ** 2 / theta ** 2;
  boxes[4 * node] = left;
  boxes[4 * node + 1] = bottom;
  boxes[4 * node + 2] = right;
  boxes[4 * node + 3] = top;
}

function summarizeChildren({ next, masses, boxes, theta }: Quadtree, node: number): void {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  let [sumX, sumY, count] = [0, 0, 0];
  for (let child = node + 1; child < next[node]; child = next[child]) {
    const mass = masses[4 * child + 2];
    sumX += mass * masses[4 * child];
    sumY += mass * masses[4 * child + 1];
    count += mass;
    left = Math.min(left, boxes[4 * child]);
    bottom = Math.min(bottom, boxes[4 * child + 1]);
    right = Math.max(right, boxes[4 * child + 2]);
    top = Math.max(top, boxes[4 * child + 3]);
  }
  masses[4 * node] = sumX / count;
  masses[4 * node + 1] = sumY / count;
  masses[4 * node + 2] = count;
  masses[4 * node + 3] = Math.max(right - left, top - bottom) ** 2 / theta ** 2;
  boxes[4 * node] = left;
  boxes[4 * node + 1] = bottom;
  boxes[4 * node + 2] = right;
  boxes[4 * node + 3] = top;
}
