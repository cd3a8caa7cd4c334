import type { Matrix } from '../data/matrix';
import { randomNormal, seededRandom } from '../data/random';
import { pca, type PcaOptions } from './pca';

/**
 * Where the points of t-SNE start: 'pca' along the first two principal components, so that the whole
 * keeps some of its shape (Kobak and Linderman 2021), 'random' anywhere.
 */
export type Initialisation = 'pca' | 'random';

/** The standard deviation of the first coordinate at the start: so little that all can still move. */
const SPREAD = 1e-4;

/** Options of `startPositions`. */
export interface StartOptions extends Omit<PcaOptions, 'dimensions'> {
  seed: number;
  initialisation?: Initialisation;
  /** [n, 2]: taken as they are. */
  initial?: Matrix;
}

/**
 * The positions from which t-SNE starts: x and y of every point, row-major [n, 2]. A principal
 * component along which nothing varies is filled at random: points on one place would stay there.
 *
 * @throws RangeError when `initialisation` is neither 'pca' nor 'random'; the signal's reason when it
 *   aborts
 */
export async function startPositions(
  points: Matrix,
  { seed, initialisation = 'pca', initial, signal, onProgress }: StartOptions,
): Promise<Float64Array> {
  if (initialisation !== 'pca' && initialisation !== 'random') {
    throw new RangeError(
      `tsne: initialisation must be 'pca' or 'random', got '${String(initialisation)}'`,
    );
  }
  if (initial) return Float64Array.from(initial.data);
  const [n, d] = points.shape;
  const random = seededRandom(seed);
  const positions = Float64Array.from({ length: 2 * n }, () => SPREAD * randomNormal(random));
  if (initialisation === 'random') return positions;
  const dimensions = Math.min(2, d);
  const { data } = await pca(points, { dimensions, signal, onProgress });
  const scale = SPREAD / deviation(data, 0, dimensions);
  for (let c = 0; c < dimensions; c++) {
    if (!(deviation(data, c, dimensions) * scale > 0)) continue;
    for (let i = 0; i < n; i++) positions[2 * i + c] = scale * data[i * dimensions + c];
  }
  return positions;
}

/** The standard deviation of column `c` of rows of `columns` values. */
function deviation(data: Float32Array, c: number, columns: number): number {
  const n = data.length / columns;
  let mean = 0;
  for (let i = c; i < data.length; i += columns) mean += data[i] / n;
  let squares = 0;
  for (let i = c; i < data.length; i += columns) squares += (data[i] - mean) ** 2 / n;
  return Math.sqrt(squares);
}
