import { type Random, randomInteger } from '../data/random';
import type { ClosenessCurve } from './closeness-curve';
import { fastPower } from './fast-power';
import type { SymmetricGraph } from './symmetric-graph';

/** Points that are pushed away at random for every one that is pulled. */
const NEGATIVE_SAMPLES = 5;

/** The most that a coordinate moves in a step of length 1. */
const MOST = 4;

/**
 * Prepares the layout of UMAP (McInnes, Healy and Melville 2018): gradient descent on the cross-entropy
 * between the graph and the closeness q = 1 / (1 + a d^2b) in the plane, by samples. Over all epochs an
 * edge is drawn in proportion to its value, the strongest in every epoch: it pulls its two ends together,
 * and then pushes the first away from points drawn at random. Steps shorten from 1 to 0. The order of
 * edges, and all numbers, are those of umap-learn; the draws are not.
 *
 * @param positions x and y of every point, row-major [n, 2]: they are moved
 * @param epochs how many there will be
 * @returns takes the number of an epoch, from 0 on, and does it
 */
export function layout(
  graph: SymmetricGraph,
  { a, b }: ClosenessCurve,
  positions: Float64Array,
  epochs: number,
  random: Random,
): (epoch: number) => void {
  const n = positions.length / 2;
  const { starts, columns, values } = graph;
  const strongest = values.reduce((most, value) => Math.max(most, value), 0);
  /** Epochs between two draws of an edge, and when the next is due; the same for what it pushes away. */
  const period = Float64Array.from(values, (value) => strongest / value);
  const due = period.slice();
  const pushDue = period.map((epochsBetween) => epochsBetween / NEGATIVE_SAMPLES);

  const power = fastPower(b - 1);

  function pull(i: number, j: number, step: number): void {
    const dx = positions[2 * i] - positions[2 * j];
    const dy = positions[2 * i + 1] - positions[2 * j + 1];
    const squared = dx * dx + dy * dy;
    if (squared === 0) return;
    const slope = a * power(squared);
    const force = (-2 * b * slope) / (1 + slope * squared);
    const moveX = step * clipped(force * dx);
    const moveY = step * clipped(force * dy);
    positions[2 * i] += moveX;
    positions[2 * i + 1] += moveY;
    positions[2 * j] -= moveX;
    positions[2 * j + 1] -= moveY;
  }

  function push(i: number, j: number, step: number): void {
    if (i === j) return;
    const dx = positions[2 * i] - positions[2 * j];
    const dy = positions[2 * i + 1] - positions[2 * j + 1];
    const squared = dx * dx + dy * dy;
    if (squared === 0) {
      positions[2 * i] += step * MOST;
      positions[2 * i + 1] += step * MOST;
      return;
    }
    const force = (2 * b) / ((0.001 + squared) * (1 + a * power(squared) * squared));
    positions[2 * i] += step * clipped(force * dx);
    positions[2 * i + 1] += step * clipped(force * dy);
  }

  return (epoch) => {
    // umap-learn shortens the step after an epoch: the first two are as long.
    const step = 1 - Math.max(0, epoch - 1) / epochs;
    for (let i = 0; i < n; i++) {
      const end = starts[i + 1];
      for (let e = starts[i]; e < end; e++) {
        if (due[e] > epoch) continue;
        due[e] += period[e];
        pull(i, columns[e], step);
        const between = period[e] / NEGATIVE_SAMPLES;
        const pushes = Math.floor((epoch - pushDue[e]) / between);
        for (let p = 0; p < pushes; p++) push(i, randomInteger(random, n), step);
        pushDue[e] += pushes * between;
      }
    }
  };
}

function clipped(move: number): number {
  return Math.max(-MOST, Math.min(MOST, move));
}
