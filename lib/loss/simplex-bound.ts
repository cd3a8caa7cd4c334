/**
 * The lowest mean triplet loss that unit-length embeddings of `classes` equally large classes can
 * reach, with Euclidean distances that are not squared.
 *
 * The best arrangement puts every class on one point and the points at the corners of a regular
 * simplex, sqrt(2 C / (C - 1)) apart; no arrangement of C unit vectors has a larger mean distance.
 * Then d(a,p) = 0 and d(a,n) is that edge, so the loss is max(margin - edge, 0): for 10 classes the
 * edge is sqrt(20/9) = 1.4907, and margin 3 can never come below 1.5093.
 *
 * @throws RangeError when there are fewer than 2 classes
 */
export function simplexBound(margin: number, classes: number): number {
  return Math.max(margin - simplexEdge(classes), 0);
}

/**
 * The edge of a regular simplex with `classes` corners on the unit sphere: sqrt(2 C / (C - 1)).
 *
 * @throws RangeError when there are fewer than 2 classes
 */
export function simplexEdge(classes: number): number {
  if (!(Number.isInteger(classes) && classes >= 2)) {
    throw new RangeError(`simplexEdge: classes must be a whole number >= 2, got ${classes}`);
  }
  return Math.sqrt((2 * classes) / (classes - 1));
}
