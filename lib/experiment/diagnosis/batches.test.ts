import { describe, expect, it } from 'vitest';
import { balancedBatches } from '../../data/balanced-batches';
import { bufferShuffledBatches } from '../../data/buffer-shuffled-batches';
import { orderedBatches } from '../../data/ordered-batches';
import type { Sampler } from '../../data/sampler';
import { shuffledBatches } from '../../data/shuffled-batches';
import { batchComposition } from './batches';

/** Ten classes of 600 items each, sorted by class. */
const labels = Uint8Array.from({ length: 6_000 }, (_, i) => Math.floor(i / 600));
const count = labels.length;

describe('batchComposition', () => {
  it('counts every batch of a short run', () => {
    const batches = [
      [0, 1, 2, 3],
      [0, 600, 1200, 1800],
      [0, 1, 600, 601],
    ];
    const sampler: Sampler = { batchSize: 4, batch: (step) => Int32Array.from(batches[step]) };
    expect(batchComposition(sampler, labels, 3)).toEqual({
      oneClass: 1 / 3,
      withoutPositives: 1 / 3,
      batches: 3,
    });
  });

  it('looks at 300 batches from the first to near the last of a long run', () => {
    const steps: number[] = [];
    const batch = (step: number): Int32Array => Int32Array.of(steps.push(step), 1);
    expect(batchComposition({ batchSize: 2, batch }, labels, 90_000).batches).toBe(300);
    expect(steps.slice(0, 3)).toEqual([0, 300, 600]);
    expect(steps.at(-1)).toBe(89_700);
  });

  it('comes to the shares that probability gives', () => {
    const of = (sampler: Sampler) => batchComposition(sampler, labels, 300);
    expect(of(shuffledBatches(count, { batchSize: 64, seed: 1 }))).toMatchObject({
      oneClass: 0,
      withoutPositives: 0,
    });
    // Of two random items one in ten shares the class; of four, all differ with 0.504.
    const pairs = of(shuffledBatches(count, { batchSize: 2, seed: 1 }));
    expect(pairs.oneClass).toBeCloseTo(1 - pairs.withoutPositives, 12);
    expect(Math.abs(pairs.oneClass - 0.1)).toBeLessThan(0.06);
    const fours = of(shuffledBatches(count, { batchSize: 4, seed: 1 }));
    expect(Math.abs(fours.withoutPositives - 0.504)).toBeLessThan(0.1);
  });

  it('finds the one class of sorted data, also behind a small buffer, and none in P x K batches', () => {
    // As many items as the Fashion-MNIST study read in class order.
    const sorted = Uint8Array.from({ length: 60_000 }, (_, i) => Math.floor(i / 6_000));
    const share = (sampler: Sampler): number => batchComposition(sampler, sorted, 900).oneClass;
    const order = Int32Array.from(sorted, (_, i) => i);
    const buffered = (buffer: number): number =>
      share(bufferShuffledBatches(order, { batchSize: 64, buffer, seed: 1 }));
    expect(share(orderedBatches(60_000, { batchSize: 60 }))).toBe(1);
    // Nine in ten, by a simulation of its own of that study's buffer of 100.
    expect(Math.abs(buffered(100) - 0.91)).toBeLessThan(0.05);
    expect(buffered(60_000)).toBe(0);
    expect(share(balancedBatches(sorted, { classes: 10, images: 6, seed: 1 }))).toBe(0);
  });
});
