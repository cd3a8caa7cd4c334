import { describe, expect, it } from 'vitest';
import { bufferShuffledBatches } from './buffer-shuffled-batches';
import { classOrder } from './class-order';
import { permutation, seededRandom } from './random';

const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;

/** Share of the first epoch's batches of 64 in which all items are of one class. */
function singleClassShare(count: number, batch: (step: number) => Iterable<number>): number {
  const steps = Math.floor(count / 64);
  const sizes = Array.from({ length: steps }, (_, step) => new Set(batch(step)).size);
  return sizes.filter((size) => size === 1).length / steps;
}

/** What tf.data's documentation says of shuffle, word for word, with lists. */
function shuffledPlainly(items: number[], size: number, seed: number): number[] {
  const random = seededRandom(seed);
  const buffer = items.slice(0, size);
  const rest = items.slice(size);
  const shuffled: number[] = [];
  for (let next = 0; buffer.length > 0; next++) {
    shuffled.push(...buffer.splice(Math.floor(random() * buffer.length), 1));
    if (next < rest.length) buffer.push(rest[next]);
  }
  return shuffled;
}

describe('classOrder', () => {
  it('sorts by class and keeps the order within a class', () => {
    expect([...classOrder([2, 0, 10, 2, 0, 1])]).toEqual([1, 4, 5, 0, 3, 2]);
    expect(classOrder([])).toEqual(new Int32Array(0));
  });

  it('is a stable sort of any labels', () => {
    const random = seededRandom(1);
    for (let trial = 0; trial < 50; trial++) {
      const labels = Array.from({ length: 300 }, () => Math.floor(random() * (1 + trial)));
      const sorted = [...labels.keys()].sort((a, b) => labels[a] - labels[b]);
      expect([...classOrder(labels)]).toEqual(sorted);
    }
  });

  it('makes most batches hold a single class when they are shuffled through a buffer of 100', () => {
    for (const [count, expected] of [
      [48000, 0.91],
      [60000, 0.93],
    ]) {
      const labels = permutation(count, seededRandom(3)).map((i) => i % 10);
      const order = classOrder(labels);
      const shares = [1, 2, 3].map((seed) => {
        const sampler = bufferShuffledBatches(order, { batchSize: 64, buffer: 100, seed });
        return singleClassShare(count, (step) => sampler.batch(step).map((item) => labels[item]));
      });
      const reference = [4, 5, 6].map((seed) => {
        const classes = shuffledPlainly([...order], 100, seed).map((item) => labels[item]);
        return singleClassShare(count, (step) => classes.slice(64 * step, 64 * (step + 1)));
      });
      expect(Math.abs(mean(shares) - mean(reference))).toBeLessThan(0.01);
      expect(Math.abs(mean(shares) - expected)).toBeLessThan(0.01);
    }
  });
});
