import { createBarrier, type Member, takeBlocks } from '../data/team';
import type { Affinities } from './affinities';
import { attract, stretch } from './attraction';
import { emptyQuadtree, quadtreeBuilder, type Quadtree } from './quadtree';
import { repulsion } from './repulsion';

/** How t-SNE moves its points; all of it set. */
export interface DescentOptions {
  iterations: number;
  earlyExaggeration: number;
  exaggerationIterations: number;
  learningRate: number;
  theta: number;
}

/** What the threads of a descent share. */
export interface Descent {
  options: DescentOptions;
  affinities: Affinities;
  /** x and y of every point, row-major [n, 2]: at first those to start from, in the end the result. */
  positions: Float64Array;
  tree: Quadtree;
  /** Both parts of the gradient, row-major [n, 2]. */
  attraction: Float64Array;
  repulsion: Float64Array;
  /** For every block of points: the sum of p log(1 / q). */
  stretches: Float64Array;
  /** For every leaf of the tree: the sum of q. */
  leafSums: Float64Array;
  /** The next block of points, and the next of leaves, that no thread has taken. */
  taken: Int32Array;
}

/** How far a descent has come. */
export interface DescentReport {
  /** Steps done. */
  done: number;
  /** The Kullback-Leibler divergence of the positions after them, without exaggeration. */
  divergence: number;
}

/** Points, and leaves, that a thread takes at a time. */
const BLOCK_POINTS = 64;
const BLOCK_LEAVES = 8;

/** Steps between two reports. */
const REPORT_STEPS = 25;

/** Momentum during early exaggeration and after it, and the least gain (as in scikit-learn). */
const MOMENTUM = { early: 0.5, late: 0.8 };
const LEAST_GAIN = 0.01;

/** @param start x and y of every point, row-major [n, 2] */
export function createDescent(
  start: Float64Array,
  affinities: Affinities,
  options: DescentOptions,
): Descent {
  const n = start.length / 2;
  const float64 = (length: number): Float64Array =>
    new Float64Array(new SharedArrayBuffer(8 * length));
  const positions = float64(2 * n);
  positions.set(start);
  return {
    options,
    affinities,
    positions,
    tree: emptyQuadtree(n, options.theta),
    attraction: float64(2 * n),
    repulsion: float64(2 * n),
    stretches: float64(Math.ceil(n / BLOCK_POINTS)),
    leafSums: float64(n),
    taken: new Int32Array(new SharedArrayBuffer(8)),
  };
}

/**
 * What one thread does of a descent. A point's forces are always summed in the same order, whichever
 * thread takes it, and so are the sums over points: the result does not depend on the number of
 * threads.
 *
 * @param report called by the first thread only
 * @throws Error when a position is no longer finite
 */
export function descend(
  descent: Descent,
  member: Member,
  report: (report: DescentReport) => void,
): void {
  const { options, affinities, positions, tree, taken } = descent;
  const { iterations, exaggerationIterations, earlyExaggeration } = options;
  const leads = member.index === 0;
  const meet = createBarrier(member);
  const build = leads ? quadtreeBuilder(positions, tree) : undefined;
  const repel = repulsion(tree, descent.repulsion);
  const move = mover(descent, member);
  for (let step = 0; ; step++) {
    const reports = step === iterations || (step > 0 && step % REPORT_STEPS === 0);
    // The tree is built while the others have begun with the forces that need none.
    if (build) {
      Atomics.store(taken, 1, 0);
      build();
    }
    takeBlocks(taken, 0, descent.stretches.length, (block) => {
      const first = block * BLOCK_POINTS;
      const last = Math.min(first + BLOCK_POINTS, positions.length / 2);
      attract(affinities, positions, descent.attraction, first, last);
      if (reports) descent.stretches[block] = stretch(affinities, positions, first, last);
    });
    meet();
    const leaves = tree.counts[1];
    takeBlocks(taken, 1, Math.ceil(leaves / BLOCK_LEAVES), (block) => {
      const last = Math.min((block + 1) * BLOCK_LEAVES, leaves);
      for (let leaf = block * BLOCK_LEAVES; leaf < last; leaf++) {
        descent.leafSums[leaf] = repel(leaf);
      }
    });
    meet();
    const normalization = sum(descent.leafSums, leaves);
    if (leads && reports) {
      const stretched = sum(descent.stretches, descent.stretches.length);
      const divergence = affinities.negativeEntropy + stretched + Math.log(normalization);
      report({ done: step, divergence });
    }
    if (step === iterations) return;
    if (leads) Atomics.store(taken, 0, 0);
    if (step === exaggerationIterations) move.rest();
    if (step < exaggerationIterations) {
      move.step(earlyExaggeration, normalization, MOMENTUM.early);
    } else {
      move.step(1, normalization, MOMENTUM.late);
    }
    meet();
  }
}

function sum(values: Float64Array, length: number): number {
  let total = 0;
  for (let i = 0; i < length; i++) total += values[i];
  return total;
}

/** Gradient descent with momentum and gains (Jacobs 1988), on the coordinates of one thread. */
interface Mover {
  /** Forgets momentum and gains. */
  rest(): void;
  step(exaggeration: number, normalization: number, momentum: number): void;
}

function mover(
  { options, positions, attraction, repulsion }: Descent,
  { index, threads }: Member,
): Mover {
  const { learningRate } = options;
  const first = Math.floor((positions.length * index) / threads);
  const last = Math.floor((positions.length * (index + 1)) / threads);
  const updates = new Float64Array(last - first);
  const gains = new Float64Array(last - first).fill(1);
  return {
    rest(): void {
      updates.fill(0);
      gains.fill(1);
    },
    step(exaggeration: number, normalization: number, momentum: number): void {
      for (let c = first; c < last; c++) {
        const gradient = 4 * (exaggeration * attraction[c] - repulsion[c] / normalization);
        const update = updates[c - first];
        const gain = update * gradient < 0 ? gains[c - first] + 0.2 : gains[c - first] * 0.8;
        gains[c - first] = gain > LEAST_GAIN ? gain : LEAST_GAIN;
        updates[c - first] = momentum * update - learningRate * gains[c - first] * gradient;
        positions[c] += updates[c - first];
      }
    },
  };
}
