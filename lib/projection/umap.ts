import { setImmediate } from 'node:timers/promises';
import { UMAP } from 'umap-js';
import { type Matrix, matrix, row } from '../data/matrix';
import { seededRandom } from '../data/random';
import { nearestNeighbours, type Neighbours } from '../evaluate/neighbours';
import { type ProjectionOptions, requireProjectable } from './projection';

/** Options of `umap`. It runs on one thread, so `threads` has no effect. */
export interface UmapOptions extends ProjectionOptions {
  /** Neighbours per point, the point itself included: few show detail, many the whole. Default: 15. */
  neighbors?: number;
  /** Least distance between points in the plane, in [0, 1]: 0 packs clusters tightly. Default: 0.1. */
  minDistance?: number;
}

/**
 * UMAP (McInnes, Healy and Melville 2018): positions in the plane, float32 [n, 2], that keep
 * neighbours together. The neighbours are exact, by Euclidean distance; the layout is that of
 * umap-js from a random start. Distances between far clusters mean little. To place further points
 * among these, see `placeAmong`.
 *
 * 10,000 points take about 20 seconds; between the neighbour search and the first step umap-js
 * blocks for a few of them. `iterations` defaults to 500 for up to 2,500 points, and falls to 200
 * beyond 7,500.
 *
 * @param points [n, d] with n > neighbors
 * @throws RangeError when there are too few points, an option is out of range, or a value is NaN or
 *   infinite; the signal's reason when it aborts
 */
export async function umap(points: Matrix, options: UmapOptions = {}): Promise<Matrix> {
  const { neighbors = 15, minDistance = 0.1, iterations, seed = 0, signal, onProgress } = options;
  requireProjectable('umap', points, options);
  requireUmapOptions(points.shape[0], neighbors, minDistance);
  const nearest = await nearestNeighbours(points, points, neighbors - 1, {
    excludeSelf: true,
    signal,
    onProgress,
  });
  const layout = new UMAP({
    nNeighbors: neighbors,
    minDist: minDistance,
    nEpochs: iterations,
    random: seededRandom(seed),
  });
  layout.setPrecomputedKNN(...withSelf(nearest));
  const rows = Array.from({ length: points.shape[0] }, (_, i) => Array.from(row(points, i)));
  signal?.throwIfAborted();
  const total = layout.initializeFit(rows);
  for (let done = 0; done < total; ) {
    await setImmediate();
    signal?.throwIfAborted();
    done = layout.step();
    onProgress?.({ label: 'UMAP', done, total, unit: 'step' });
  }
  return matrix(Float32Array.from(layout.getEmbedding().flat()), [points.shape[0], 2]);
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

/** The neighbours as umap-js takes them: nested rows that begin with the point itself. */
function withSelf({ indices, distances, k }: Neighbours): [number[][], number[][]] {
  const points = Array.from({ length: indices.length / k }, (_, i) => i);
  return [
    points.map((i) => [i, ...indices.subarray(i * k, (i + 1) * k)]),
    points.map((i) => [0, ...distances.subarray(i * k, (i + 1) * k)]),
  ];
}
