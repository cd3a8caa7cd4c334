import { setImmediate } from 'node:timers/promises';
import { type Matrix, matrix } from '../data/matrix';
import { type Random, randomNormal, seededRandom } from '../data/random';
import { nearestNeighbours } from '../evaluate/neighbours';
import { closenessCurve } from './closeness-curve';
import { fuzzyGraph } from './fuzzy-graph';
import { startPositions } from './initialisation';
import { layout } from './layout';
import { type ProjectionOptions, requireProjectable } from './projection';

/** Options of `umap`. Only the search for neighbours uses more than one of `threads`. */
export interface UmapOptions extends ProjectionOptions {
  /** Neighbours per point, the point itself included: few show detail, many the whole. Default: 15. */
  neighbors?: number;
  /** Least distance between points in the plane, in [0, 1]: 0 packs clusters tightly. Default: 0.1. */
  minDistance?: number;
}

/**
 * UMAP (McInnes, Healy and Melville 2018): positions in the plane, float32 [n, 2], that keep
 * neighbours together. The neighbours are exact, by Euclidean distance; the layout starts from the
 * first two principal components, so that the whole keeps some of its shape (Kobak and Linderman 2021),
 * and goes as umap-learn's. Distances between far clusters mean little. To place further points among
 * these, see `placeAmong`.
 *
 * `iterations` defaults to 500 for up to 2,500 points, and falls to 200 beyond 7,500. The result is the
 * same for any number of threads.
 *
 * @param points [n, d] with n > neighbors
 * @throws RangeError when there are too few points, an option is out of range, or a value is NaN or
 *   infinite; the signal's reason when it aborts
 */
export async function umap(points: Matrix, options: UmapOptions = {}): Promise<Matrix> {
  const { neighbors = 15, minDistance = 0.1, threads, seed = 0, signal, onProgress } = options;
  const n = points.shape[0];
  const { iterations: total = usualIterations(n) } = options;
  requireProjectable('umap', points, options);
  requireUmapOptions(n, neighbors, minDistance);
  const random = seededRandom(seed);
  const along = await startPositions(points, { seed, signal, onProgress });
  const search = { excludeSelf: true, threads, signal, onProgress };
  const nearest = await nearestNeighbours(points, points, neighbors - 1, search);
  signal?.throwIfAborted();
  const positions = spreadOut(along, random);
  const curve = closenessCurve(minDistance);
  const move = layout(fuzzyGraph(nearest), curve, positions, total, random);
  for (let done = 0; done < total; ) {
    await setImmediate();
    signal?.throwIfAborted();
    move(done++);
    onProgress?.({ label: 'UMAP', done, total, unit: 'step' });
  }
  return matrix(Float32Array.from(positions), [n, 2]);
}

/** Steps that more points need less of, as in umap-js. */
function usualIterations(n: number): number {
  if (n <= 2500) return 500;
  if (n <= 5000) return 400;
  return n <= 7500 ? 300 : 200;
}

/** Length of both axes at the start, and the share of it by which points on one place are parted. */
const EXTENT = 10;
const JITTER = 1e-5;

/** Positions stretched to fill a square, as umap-learn starts. */
function spreadOut(positions: Float64Array, random: Random): Float64Array {
  const least = [Infinity, Infinity];
  const most = [-Infinity, -Infinity];
  positions.forEach((value, c) => {
    least[c % 2] = Math.min(least[c % 2], value);
    most[c % 2] = Math.max(most[c % 2], value);
  });
  return positions.map((value, c) => {
    const share = (value - least[c % 2]) / (most[c % 2] - least[c % 2]);
    return EXTENT * (share + JITTER * randomNormal(random));
  });
}

function requireUmapOptions(count: number, neighbors: number, minDistance: number): void {
  if (!(Number.isInteger(neighbors) && neighbors >= 2)) {
    throw new RangeError(`umap: neighbors must be a whole number >= 2, got ${neighbors}`);
  }
  if (count <= neighbors) {
    throw new RangeError(`umap: needs more points than neighbors = ${neighbors}, got ${count}`);
  }
  if (!(minDistance >= 0 && minDistance <= 1)) {
    throw new RangeError(`umap: minDistance must be from 0 to 1, got ${minDistance}`);
  }
}
