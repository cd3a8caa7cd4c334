import type { Matrix } from '../data/matrix';
import type { OnProgress } from '../data/progress';
import { requireFinite } from '../data/require-finite';
import { requirePositive } from '../data/require-positive';

/** Options that the iterative projections to the plane (UMAP, t-SNE) share. */
export interface ProjectionOptions {
  /** Number of optimisation steps, a whole number > 0. Default: the method's own. */
  iterations?: number;
  /** Seed of every random choice, a whole number; equal seeds give equal results. Default: 0. */
  seed?: number;
  /** Number of threads, a whole number > 0, where the method can use more than one. Default: 1. */
  threads?: number;
  /** Ends the work: the promise then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Receives the number of finished steps, and before that of finished neighbour searches. */
  onProgress?: OnProgress;
}

/**
 * @param caller the function to name in the error
 * @throws RangeError when a point is not finite, or a common option is out of range
 */
export function requireProjectable(
  caller: string,
  points: Matrix,
  options: ProjectionOptions,
): void {
  const { iterations = 1, threads = 1 } = options;
  requirePositive(caller, { iterations, threads });
  requireFinite(caller, 'points', points);
}
