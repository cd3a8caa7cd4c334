import { randomInteger, seededRandom } from '../data/random';
import { onSphere, randomBatch, tiedBatch, type Batch } from './batches.test-support';
import type { TripletLossOptions } from './triplet-loss';

/** A batch drawn at random, and what a loss of it is asked with. */
export interface RandomCase {
  batch: Batch;
  options: Required<TripletLossOptions>;
}

/**
 * Case number `seed`: of 1 to 24 items, one case in ten of up to 70, of 1 to 8 classes, in 1 to 64 dimensions; scattered over
 * space, on the unit sphere, far apart, close together or on a grid full of ties and duplicates.
 */
export function randomCase(seed: number, size?: number, dimension?: number): RandomCase {
  const random = seededRandom(seed);
  const pick = <T>(...options: T[]): T => options[randomInteger(random, options.length)];
  const items = size ?? 1 + randomInteger(random, seed % 10 === 0 ? 70 : 24);
  const width = dimension ?? pick(1, 2, 8, 64);
  const classes = 1 + randomInteger(random, 8);
  const scattered = randomBatch(seed, items, width, classes);
  const scaled = (by: number): Batch => ({
    ...scattered,
    points: scattered.points.map((point) => point.map((x) => Math.fround(x * by))),
  });
  const batch = pick(
    scattered,
    { ...scattered, points: onSphere(scattered.points) },
    scaled(1000),
    scaled(0.001),
    tiedBatch(seed, items, width, classes),
    tiedBatch(seed, items, 2, classes),
  );
  const found = size === undefined ? batch : fitting(batch, width);
  return { batch: found, options: { margin: pick(0.2, 0.5, 1, 2, 3), squared: pick(true, false) } };
}

/** `batch` with zeros for the dimensions that it lacks, which change no distance. */
function fitting({ points, labels }: Batch, dimension: number): Batch {
  const fill = (point: number[]): number[] =>
    Array.from({ length: dimension }, (_, i) => point[i] ?? 0);
  return { points: points.map(fill), labels };
}
