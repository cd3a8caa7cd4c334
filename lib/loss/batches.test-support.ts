import { randomInteger, randomNormal, seededRandom } from '../data/random';
import type { Points } from './plain-loops.test-support';

/** A batch that a loss is tried on. Coordinates are exact in float32. */
export interface Batch {
  points: Points;
  labels: number[];
}

/** Points from a normal distribution, labels drawn from `classes` classes. */
export function randomBatch(seed: number, size: number, dimension: number, classes = 3): Batch {
  const random = seededRandom(seed, size, dimension);
  return {
    points: fill(size, dimension, () => Math.fround(randomNormal(random))),
    labels: fill(size, 1, () => randomInteger(random, classes)).flat(),
  };
}

/** Points of a small integer grid: many equal distances, many equal points, all sums exact. */
export function tiedBatch(seed: number, size: number, dimension: number, classes = 3): Batch {
  const random = seededRandom(seed, size, dimension);
  return {
    points: fill(size, dimension, () => randomInteger(random, 3)),
    labels: fill(size, 1, () => randomInteger(random, classes)).flat(),
  };
}

/** `count` points of length 1, row by row. */
export function onSphere(points: Points): Points {
  return points.map((point) => point.map((x) => Math.fround(x / Math.hypot(...point))));
}

/** The batches that every loss has to get right, by name. */
export const BATCHES: Record<string, Batch> = {
  'random, d = 1': randomBatch(1, 12, 1),
  'random, d = 2': randomBatch(2, 16, 2),
  'random, d = 64': randomBatch(3, 12, 64),
  'random, on the unit sphere': {
    ...randomBatch(4, 14, 8),
    points: onSphere(randomBatch(4, 14, 8).points),
  },
  'random, odd size, five classes': randomBatch(5, 17, 5, 5),
  'tied distances and duplicate points': tiedBatch(6, 14, 2),
  'tied on a line': tiedBatch(7, 12, 1),
  'duplicates of one another in both classes': {
    points: [
      [1, 2],
      [1, 2],
      [1, 2],
      [3, 5],
      [3, 5],
      [1, 2],
    ],
    labels: [0, 0, 1, 1, 0, 1],
  },
  'all zero': { points: fill(6, 3, () => 0), labels: [0, 0, 1, 1, 2, 2] },
  'all at one point': { points: fill(6, 3, () => 2), labels: [0, 1, 0, 1, 0, 1] },
  'a single class': { ...randomBatch(8, 8, 4), labels: Array<number>(8).fill(3) },
  'all classes different': { ...randomBatch(9, 8, 4), labels: [0, 1, 2, 3, 4, 5, 6, 7] },
  'one item': { points: [[0.5, -1]], labels: [0] },
  'two items of one class': {
    points: [
      [0, 1],
      [2, 0],
    ],
    labels: [1, 1],
  },
  'two items of two classes': {
    points: [
      [0, 1],
      [2, 0],
    ],
    labels: [0, 1],
  },
};

function fill(rows: number, columns: number, draw: () => number): number[][] {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, draw));
}
