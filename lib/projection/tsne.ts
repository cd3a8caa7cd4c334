import { type Matrix, matrix } from '../data/matrix';
import type { Progress } from '../data/progress';
import { requireFinite } from '../data/require-finite';
import { runTeam } from '../data/team';
import { nearestNeighbours } from '../evaluate/neighbours';
import { affinities } from './affinities';
import { createDescent, type DescentOptions, type DescentReport } from './descent';
import { type Initialisation, startPositions } from './initialisation';
import { type ProjectionOptions, requireProjectable } from './projection';

/** Options of `tsne`. */
export interface TsneOptions extends ProjectionOptions {
  /**
   * About how many neighbours a point belongs with, from 1 to below the number of other points; three
   * times as many are looked for. Few show detail, many the whole. Default: 30.
   */
  perplexity?: number;
  /** Factor on all attraction at first, so that clusters find together; >= 1. Default: 12. */
  earlyExaggeration?: number;
  /** For how many steps it holds, a whole number >= 0. Default: 250. */
  exaggerationIterations?: number;
  /** Length of a step, > 0. Default: n / earlyExaggeration / 4, and at least 50. */
  learningRate?: number;
  /**
   * What is seen under a smaller angle than this counts as one point, >= 0: 0 is exact and takes
   * O(n^2) time. Default: 0.5.
   */
  theta?: number;
  /** Where the points start, without `initial`. Default: 'pca'. */
  initialisation?: Initialisation;
  /**
   * Where the points start, [n, 2]: the positions of an earlier embedding, to see how it changes; then
   * set exaggerationIterations to 0, or they forget it. Default: as `initialisation` says.
   */
  initial?: Matrix;
}

/** The least number of points of which one can have fewer neighbours than there are others. */
const LEAST_POINTS = 3;

/** Fewer points than these are not worth another thread. */
const POINTS_PER_THREAD = 256;

/**
 * t-SNE (van der Maaten and Hinton 2008): positions in the plane, float32 [n, 2], that keep together
 * what is close, found by gradient descent on the Kullback-Leibler divergence between affinities of
 * exact nearest neighbours and those in the plane. Repulsion is that of Barnes and Hut (van der Maaten
 * 2014); the descent goes as scikit-learn's, so that divergences compare. Distances between far
 * clusters, and the sizes of clusters, mean little.
 *
 * The descent runs on `threads` worker threads and leaves this one free; with more than one thread, so
 * does most of what comes before it. The result is the same whatever their number. Progress has the divergence as metric 'KL', every 25 steps. Points that are
 * equal may stay on one place.
 *
 * @param points [n, d], n >= 3
 * @throws RangeError when there are too few points for the perplexity, an option is out of range, or
 *   a value is NaN or infinite; Error when the positions grow without bound; the signal's reason when
 *   it aborts
 */
export async function tsne(points: Matrix, options: TsneOptions = {}): Promise<Matrix> {
  const { perplexity = 30, threads = 1, seed = 0, signal, onProgress } = options;
  requireProjectable('tsne', points, options);
  const n = points.shape[0];
  requirePerplexity(n, perplexity);
  const descentOptions = resolved(n, options);
  if (options.initial) requireInitial(n, options.initial);
  const start = await startPositions(points, { ...options, seed });
  // As many as scikit-learn looks at, so that divergences compare.
  const k = Math.min(n - 1, Math.floor(3 * perplexity + 1));
  const team = Math.min(threads, Math.ceil(n / POINTS_PER_THREAD));
  const shared = { threads: team, signal, onProgress };
  const search = { ...shared, excludeSelf: true };
  const neighbours = await nearestNeighbours(points, points, k, search);
  const attraction = await affinities(neighbours, perplexity, shared);
  const descent = createDescent(start, attraction, descentOptions);
  await runTeam<DescentReport>('projection/descent-worker.js', { descent }, team, {
    signal,
    onMessage: (report) => onProgress?.(progressOf(report, descentOptions.iterations)),
  });
  return matrix(Float32Array.from(descent.positions), [n, 2]);
}

function progressOf({ done, divergence }: DescentReport, total: number): Progress {
  return { label: 't-SNE', done, total, unit: 'step', metrics: { KL: divergence } };
}

function requirePerplexity(n: number, perplexity: number): void {
  if (n < LEAST_POINTS) {
    throw new RangeError(`tsne: at least ${LEAST_POINTS} points are needed, got ${n}`);
  }
  if (!(perplexity >= 1 && perplexity < n - 1)) {
    throw new RangeError(
      `tsne: perplexity must be from 1 to below the number of other points, ${n - 1}, ` +
        `got ${perplexity}`,
    );
  }
}

function requireInitial(n: number, initial: Matrix): void {
  const [rows, columns] = initial.shape;
  if (rows !== n || columns !== 2) {
    throw new RangeError(`tsne: initial must be ${n} x 2, got ${rows} x ${columns}`);
  }
  requireFinite('tsne', 'initial', initial);
}

/** @throws RangeError when an option is out of range */
function resolved(n: number, options: TsneOptions): DescentOptions {
  const { iterations = 1000, earlyExaggeration = 12, exaggerationIterations = 250 } = options;
  const { learningRate = Math.max(n / earlyExaggeration / 4, 50), theta = 0.5 } = options;
  if (!(earlyExaggeration >= 1 && earlyExaggeration < Infinity)) {
    throw new RangeError(`tsne: earlyExaggeration must be a number >= 1, got ${earlyExaggeration}`);
  }
  if (!(Number.isSafeInteger(exaggerationIterations) && exaggerationIterations >= 0)) {
    throw new RangeError(
      `tsne: exaggerationIterations must be a whole number >= 0, got ${exaggerationIterations}`,
    );
  }
  if (!(learningRate > 0 && learningRate < Infinity)) {
    throw new RangeError(`tsne: learningRate must be a number > 0, got ${learningRate}`);
  }
  if (!(theta >= 0 && theta < Infinity)) {
    throw new RangeError(`tsne: theta must be a number >= 0, got ${theta}`);
  }
  return { iterations, earlyExaggeration, exaggerationIterations, learningRate, theta };
}
