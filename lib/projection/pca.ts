import { setImmediate } from 'node:timers/promises';
import type { Matrix } from '../data/matrix';
import type { OnProgress } from '../data/progress';
import { requireFinite } from '../data/require-finite';
import { symmetricEigen } from './symmetric-eigen';

/** The directions in which points vary most. */
export interface PrincipalComponents {
  /** Mean of the points, length d. */
  mean: Float64Array;
  /** Unit directions, by falling variance; row-major [dimensions, d]. */
  components: Float64Array;
  /** Share of the total variance along each direction, length dimensions; 0 where there is none. */
  explainedVarianceRatio: Float64Array;
}

/** Options of `pca` and `principalComponents`. */
export interface PcaOptions {
  /** Number of components, from 1 to the number of columns. Default: 2. */
  dimensions?: number;
  /** Ends the work: the promise then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Receives the number of rows whose covariance is summed. */
  onProgress?: OnProgress;
}

/** Rows between two turns of other work, a multiple of 4. */
const blockRows = 256;

/**
 * The principal components of `points`: eigenvectors of their covariance, exactly, in O(n d^2 + d^3).
 * Of the two directions +v and -v, the one whose largest entry is positive is taken, so that the
 * result is the same everywhere. With 784 columns the eigenvectors block for about three seconds.
 *
 * @param points [n, d], n >= 2
 * @throws RangeError when there are fewer than 2 points, `dimensions` is out of range, or a value is
 *   NaN or infinite; the signal's reason when it aborts
 */
export async function principalComponents(
  points: Matrix,
  options: PcaOptions = {},
): Promise<PrincipalComponents> {
  const [n, d] = points.shape;
  const { dimensions = 2 } = options;
  if (n < 2) throw new RangeError(`principalComponents: at least 2 points are needed, got ${n}`);
  if (!(Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= d)) {
    throw new RangeError(
      `principalComponents: dimensions must be a whole number from 1 to ${d}, got ${dimensions}`,
    );
  }
  requireFinite('principalComponents', 'points', points);
  const mean = columnMeans(points);
  const scatter = await scatterMatrix(points, mean, options);
  let total = 0;
  for (let i = 0; i < d; i++) total += scatter[i * d + i];
  const { values, vectors } = symmetricEigen(scatter, d);
  const components = vectors.slice(0, dimensions * d);
  for (let i = 0; i < dimensions; i++) fixSign(components.subarray(i * d, (i + 1) * d));
  // Rounding may leave an eigenvalue of 0 slightly below it.
  const share = (value: number): number => (total > 0 ? Math.max(value, 0) / total : 0);
  return { mean, components, explainedVarianceRatio: values.slice(0, dimensions).map(share) };
}

/**
 * The coordinates of `points` along `principal`: (x - mean) times each component; float32
 * [n, dimensions]. The points may be others than those the components come from.
 *
 * @throws RangeError when the points have another number of columns
 */
export function projectOnto(principal: PrincipalComponents, points: Matrix): Matrix {
  const { mean, components } = principal;
  const [n, d] = points.shape;
  if (d !== mean.length) {
    throw new RangeError(`projectOnto: points must have ${mean.length} columns, got ${d}`);
  }
  const dimensions = components.length / d;
  const data = new Float32Array(n * dimensions);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < dimensions; k++) {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += (points.data[i * d + c] - mean[c]) * components[k * d + c];
      data[i * dimensions + k] = sum;
    }
  }
  return { data, shape: [n, dimensions] };
}

/**
 * Principal component analysis: the points in the coordinates of their first principal components,
 * float32 [n, dimensions]. It has no random choices.
 *
 * @throws as `principalComponents`
 */
export async function pca(points: Matrix, options: PcaOptions = {}): Promise<Matrix> {
  return projectOnto(await principalComponents(points, options), points);
}

function columnMeans({ data, shape: [n, d] }: Matrix): Float64Array {
  const mean = new Float64Array(d);
  for (let i = 0; i < n * d; i++) mean[i % d] += data[i];
  return mean.map((sum) => sum / n);
}

/** The sum of (x - mean)(x - mean)^T over all points: n - 1 times their covariance, [d, d]. */
async function scatterMatrix(
  { data, shape: [n, d] }: Matrix,
  mean: Float64Array,
  { signal, onProgress }: PcaOptions,
): Promise<Float64Array> {
  const scatter = new Float64Array(d * d);
  const centred = new Float64Array(4 * d);
  for (let i = 0; i < n; i += 4) {
    if (i % blockRows === 0) {
      signal?.throwIfAborted();
      onProgress?.({ label: 'covariance', done: i, total: n, unit: 'row' });
      await setImmediate();
    }
    const count = Math.min(4, n - i) * d;
    for (let c = 0; c < count; c++) centred[c] = data[i * d + c] - mean[c % d];
    addOuterProducts(scatter, centred.fill(0, count), d);
  }
  onProgress?.({ label: 'covariance', done: n, total: n, unit: 'row' });
  for (let r = 0; r < d; r++) {
    for (let c = r + 1; c < d; c++) scatter[r * d + c] = scatter[c * d + r];
  }
  return scatter;
}

/** Adds xx^T on and below the diagonal for four rows x: together, each sum is loaded only once. */
function addOuterProducts(sums: Float64Array, rows: Float64Array, d: number): void {
  const [a, b, c, e] = [0, 1, 2, 3].map((i) => rows.subarray(i * d, (i + 1) * d));
  for (let r = 0; r < d; r++) {
    const [ar, br, cr, er] = [a[r], b[r], c[r], e[r]];
    const row = sums.subarray(r * d, r * d + r + 1);
    for (let k = 0; k <= r; k++) row[k] += ar * a[k] + br * b[k] + cr * c[k] + er * e[k];
  }
}

function fixSign(direction: Float64Array): void {
  let largest = 0;
  for (const value of direction) if (Math.abs(value) > Math.abs(largest)) largest = value;
  if (largest < 0) for (let c = 0; c < direction.length; c++) direction[c] = -direction[c];
}
