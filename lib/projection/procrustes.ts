import { matrix, type Matrix } from '../data/matrix';
import { requireFinite } from '../data/require-finite';

/** Positions in the plane at one time of a training. */
export interface Epoch {
  /** When that was, for a reader: 'step 1,500'. */
  label: string;
  /** [n, 2]: the position of each point. */
  points: Matrix;
}

/**
 * Lays `points` on `target` as well as turning, mirroring, scaling and moving them can: orthogonal
 * Procrustes analysis in the plane. After both are centred, the rotation or reflection Q is the one
 * with the least sum of |x_i Q - y_i|^2 (Schoenemann 1966), in closed form for two dimensions.
 *
 * The scale makes both equally large (equal sums of squared distances from the mean). The scale of
 * least squares would shrink what does not correspond, and along a chain of alignments, as in
 * `alignEpochs`, the shrinking would multiply.
 *
 * @param points [n, 2]
 * @param target [n, 2]; row i belongs to row i of `points`
 * @returns [n, 2]; where all of `points` coincide, all lie on the mean of `target`
 * @throws RangeError when the two are not n x 2 with the same n, or a value is NaN or infinite
 */
export function procrustes(points: Matrix, target: Matrix): Matrix {
  const [n] = points.shape;
  if (points.shape[1] !== 2 || target.shape[1] !== 2 || target.shape[0] !== n) {
    throw new RangeError(
      `procrustes: points and target must both be n x 2, got ${points.shape.join(' x ')} ` +
        `and ${target.shape.join(' x ')}`,
    );
  }
  requireFinite('procrustes', 'points', points);
  requireFinite('procrustes', 'target', target);
  const from = centreOf(points);
  const to = centreOf(target);
  const [a, b, c, d] = orthogonal(points, from, target, to);
  const spread = squares(points, from);
  const scale = spread > 0 ? Math.sqrt(squares(target, to) / spread) : 0;
  const data = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    const x = (points.data[2 * i] - from[0]) * scale;
    const y = (points.data[2 * i + 1] - from[1]) * scale;
    data[2 * i] = to[0] + a * x + b * y;
    data[2 * i + 1] = to[1] + c * x + d * y;
  }
  return matrix(data, [n, 2]);
}

/**
 * Aligns the positions at each epoch to those at the next by `procrustes`, from the last epoch (which
 * stays) backwards, so that points do not jump where a projection only came out turned or mirrored.
 *
 * @returns the epochs with new positions, in the same order
 * @throws RangeError as `procrustes` does
 */
export function alignEpochs(epochs: readonly Epoch[]): Epoch[] {
  const aligned: Epoch[] = [];
  for (const epoch of [...epochs].reverse()) {
    const next = aligned[0];
    aligned.unshift(next ? { ...epoch, points: procrustes(epoch.points, next.points) } : epoch);
  }
  return aligned;
}

function centreOf({ data, shape: [n] }: Matrix): [number, number] {
  let [x, y] = [0, 0];
  for (let i = 0; i < n; i++) {
    x += data[2 * i];
    y += data[2 * i + 1];
  }
  return n === 0 ? [0, 0] : [x / n, y / n];
}

/** The sum of squared distances from `centre`. */
function squares({ data, shape: [n] }: Matrix, centre: [number, number]): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += (data[2 * i] - centre[0]) ** 2 + (data[2 * i + 1] - centre[1]) ** 2;
  }
  return sum;
}

/**
 * The orthogonal matrix, row-major, that takes the centred points nearest to the centred target. A
 * rotation by t gains (xx + yy) cos t + (xy - yx) sin t of the cross-covariance, a reflection
 * (xx - yy) cos t + (xy + yx) sin t: the longer of the two vectors wins, and its direction is t.
 */
function orthogonal(
  { data: p, shape: [n] }: Matrix,
  from: [number, number],
  { data: q }: Matrix,
  to: [number, number],
): [number, number, number, number] {
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y] = [p[2 * i] - from[0], p[2 * i + 1] - from[1]];
    const [u, v] = [q[2 * i] - to[0], q[2 * i + 1] - to[1]];
    xx += x * u;
    xy += x * v;
    yx += y * u;
    yy += y * v;
  }
  const turned = Math.hypot(xx + yy, xy - yx);
  const mirrored = Math.hypot(xx - yy, xy + yx);
  if (turned >= mirrored) {
    const [cos, sin] = turned > 0 ? [(xx + yy) / turned, (xy - yx) / turned] : [1, 0];
    return [cos, -sin, sin, cos];
  }
  const [cos, sin] = [(xx - yy) / mirrored, (xy + yx) / mirrored];
  return [cos, sin, sin, -cos];
}
