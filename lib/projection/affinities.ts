import { setImmediate } from 'node:timers/promises';
import type { OnProgress } from '../data/progress';
import { runTeam, shared } from '../data/team';
import type { Neighbours } from '../evaluate/neighbours';
import { type Conditionals, PERPLEXITY_ROWS, writeConditionals } from './perplexity';
import { type SymmetricGraph, symmetrized } from './symmetric-graph';

/** The symmetric affinities p(i, j) of t-SNE, which all add up to 1. */
export interface Affinities extends SymmetricGraph {
  /** The sum of p log p: the part of the Kullback-Leibler divergence that no position changes. */
  negativeEntropy: number;
}

/** Options of `affinities`. */
export interface AffinityOptions {
  /** Number of threads that look for perplexities: the result is the same for any. Default: 1. */
  threads?: number;
  signal?: AbortSignal;
  /** Receives the number of points whose perplexity is found. */
  onProgress?: OnProgress;
}

/**
 * How strongly points belong together (van der Maaten and Hinton 2008), among nearest neighbours only
 * (van der Maaten 2014):
 *
 *     p(j | i) = exp(-b_i |x_i - x_j|^2) / sum_k exp(-b_i |x_i - x_k|^2)
 *     p(i, j) = (p(j | i) + p(i | j)) / 2n
 *
 * where b_i gives p(. | i) the perplexity asked for. Values are in memory that threads share.
 *
 * @param neighbours of every point, itself excluded
 * @param perplexity from 1 to below the number of neighbours
 * @throws RangeError when the distances do not fit float32; the signal's reason when it aborts
 */
export async function affinities(
  neighbours: Neighbours,
  perplexity: number,
  { threads = 1, signal, onProgress }: AffinityOptions = {},
): Promise<Affinities> {
  const { distances, k } = neighbours;
  const total = distances.length / k;
  const blocks = Math.ceil(total / PERPLEXITY_ROWS);
  const team = Math.min(threads, blocks);
  const report = (done: number): void => {
    onProgress?.({ label: 'perplexity', done, total, unit: 'row' });
  };
  const conditionals: Conditionals = {
    distances: team > 1 ? shared(distances) : distances,
    k,
    perplexity,
    rows: new Float64Array(new SharedArrayBuffer(8 * distances.length)),
    taken: new Int32Array(new SharedArrayBuffer(4)),
  };
  report(0);
  if (team > 1) {
    let done = 0;
    await runTeam<number>('projection/perplexity-worker.js', { conditionals }, team, {
      signal,
      onMessage: (rows) => report((done += rows)),
    });
  } else {
    for (let block = 0; block < blocks; block++) {
      await setImmediate();
      signal?.throwIfAborted();
      report(writeConditionals(conditionals, block));
    }
  }
  const mean = (there: number, back: number): number => (there + back) / (2 * total);
  const graph = symmetrized(neighbours, conditionals.rows, mean);
  let negativeEntropy = 0;
  for (const p of graph.values) if (p > 0) negativeEntropy += p * Math.log(p);
  return { ...graph, negativeEntropy };
}
