import { isCrowded, type Quadtree } from './quadtree';

/**
 * Prepares the repulsive part of the gradient of t-SNE, unnormalised, for the points of one leaf after
 * another:
 *
 *     forces(i) = sum_j q(i, j)^2 (y_i - y_j),   q(i, j) = 1 / (1 + |y_i - y_j|^2)
 *
 * by Barnes and Hut (1986): a node of the tree counts as one mass for a point where the extent of its
 * points is less than the tree's `theta` times its distance. One walk serves all points of a leaf,
 * which take the distance from the nearest edge of the box around them: for none of them is it less
 * exact, and what remains is a plain double loop over points and masses.
 *
 * @param forces x and y of every point, row-major [n, 2]: those of the leaf's points are written
 * @returns takes the number of a leaf, from 0 on, and returns sum_i sum_{j != i} q(i, j) over its points i
 */
export function repulsion(tree: Quadtree, forces: Float64Array): (leaf: number) => number {
  const { counts, masses, boxes, next, first, last, leaves, order, sorted } = tree;
  // x, y and mass of everything that acts on the leaf.
  const list = new Float64Array(3 * (order.length + 1));

  function collect(leaf: number): number {
    const centreX = (boxes[4 * leaf] + boxes[4 * leaf + 2]) / 2;
    const centreY = (boxes[4 * leaf + 1] + boxes[4 * leaf + 3]) / 2;
    const halfWidth = boxes[4 * leaf + 2] - centreX;
    const halfHeight = boxes[4 * leaf + 3] - centreY;
    const nodes = counts[0];
    let length = 0;
    let node = 0;
    while (node < nodes) {
      const x = masses[4 * node];
      const y = masses[4 * node + 1];
      const beside = Math.abs(x - centreX) - halfWidth;
      const above = Math.abs(y - centreY) - halfHeight;
      // Twice the distance to the box, without a branch that nobody could predict.
      const across = beside + Math.abs(beside);
      const up = above + Math.abs(above);
      const after = next[node];
      if (across * across + up * up > 4 * masses[4 * node + 3]) {
        list[length] = x;
        list[length + 1] = y;
        list[length + 2] = masses[4 * node + 2];
        length += 3;
        node = after;
      } else if (after > node + 1) {
        node++;
      } else if (isCrowded(tree, node)) {
        list[length] = x;
        list[length + 1] = y;
        list[length + 2] = masses[4 * node + 2];
        length += 3;
        node = after;
      } else {
        for (let i = first[node]; i < last[node]; i++) {
          list[length] = sorted[2 * i];
          list[length + 1] = sorted[2 * i + 1];
          list[length + 2] = 1;
          length += 3;
        }
        node = after;
      }
    }
    return length;
  }

  /** Two points at a time, which share what is loaded. */
  function act(a: number, b: number, length: number): number {
    const ax = sorted[2 * a];
    const ay = sorted[2 * a + 1];
    const bx = sorted[2 * b];
    const by = sorted[2 * b + 1];
    let aForceX = 0;
    let aForceY = 0;
    let aSum = 0;
    let bForceX = 0;
    let bForceY = 0;
    let bSum = 0;
    for (let e = 0; e < length; e += 3) {
      const x = list[e];
      const y = list[e + 1];
      const mass = list[e + 2];
      const adx = ax - x;
      const ady = ay - y;
      const bdx = bx - x;
      const bdy = by - y;
      const aq = 1 / (1 + (adx * adx + ady * ady));
      const bq = 1 / (1 + (bdx * bdx + bdy * bdy));
      const aw = mass * aq;
      const bw = mass * bq;
      aSum += aw;
      bSum += bw;
      const af = aw * aq;
      const bf = bw * bq;
      aForceX += af * adx;
      aForceY += af * ady;
      bForceX += bf * bdx;
      bForceY += bf * bdy;
    }
    const i = order[a];
    const j = order[b];
    forces[2 * i] = aForceX;
    forces[2 * i + 1] = aForceY;
    if (a === b) return aSum;
    forces[2 * j] = bForceX;
    forces[2 * j + 1] = bForceY;
    return aSum + bSum;
  }

  return (leaf) => {
    const node = leaves[leaf];
    const length = collect(node);
    // Every point was among the masses itself: without force, but with q = 1.
    let sum = first[node] - last[node];
    for (let i = first[node]; i < last[node]; i += 2) {
      sum += act(i, Math.min(i + 1, last[node] - 1), length);
    }
    return sum;
  };
}
