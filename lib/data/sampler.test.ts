import { describe, expect, it } from 'vitest';
import { balancedBatches } from './balanced-batches';
import { bufferShuffledBatches } from './buffer-shuffled-batches';
import { evaluationBatches, orderedBatches } from './ordered-batches';
import type { Sampler } from './sampler';
import { shuffledBatches } from './shuffled-batches';

function items(sampler: Sampler, steps: number): number[] {
  return Array.from({ length: steps }, (_, step) => [...sampler.batch(step)]).flat();
}

function sorted(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b);
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const labels = upTo(1000).map((i) => i % 10);

describe.each<[string, (seed: number) => Sampler]>([
  ['shuffledBatches', (seed) => shuffledBatches(100, { batchSize: 7, seed })],
  ['orderedBatches', () => orderedBatches(100, { batchSize: 7 })],
  [
    'bufferShuffledBatches',
    (seed) => bufferShuffledBatches(Int32Array.from(upTo(100)), { batchSize: 7, buffer: 9, seed }),
  ],
  ['balancedBatches', (seed) => balancedBatches(labels, { classes: 3, images: 2, seed })],
])('%s', (name, create) => {
  it('is a pure function of the step', () => {
    const sequential = items(create(5), 60);
    const sampler = create(5);
    for (const step of [59, 3, 14, 15, 0, 14, 28, 59]) {
      const { batchSize } = sampler;
      const from = step * batchSize;
      expect([...sampler.batch(step)]).toEqual(sequential.slice(from, from + batchSize));
    }
  });

  it('gives batches that a caller may overwrite', () => {
    const sampler = create(5);
    const before = [...sampler.batch(2)];
    sampler.batch(2).fill(-1);
    expect([...sampler.batch(2)]).toEqual(before);
  });

  it('depends on the seed, if it has one', () => {
    const same = items(create(1), 5).join() === items(create(2), 5).join();
    expect(same).toBe(name === 'orderedBatches');
  });

  it.each([-1, 0.5, NaN, 2 ** 60])('refuses step %d', (step) => {
    expect(() => create(1).batch(step)).toThrow('batch: step must be a whole number >= 0');
  });
});

describe('batches of epochs', () => {
  it.each([
    ['shuffled', shuffledBatches(30, { batchSize: 7, seed: 3 })],
    ['ordered', orderedBatches(30, { batchSize: 7 })],
    [
      'buffer-shuffled',
      bufferShuffledBatches(Int32Array.from(upTo(30)), { batchSize: 7, buffer: 4, seed: 3 }),
    ],
  ])('%s: every epoch has every item once, across the edges', (_, sampler) => {
    const all = items(sampler, 30);
    for (let epoch = 0; epoch < 7; epoch++) {
      expect(sorted(all.slice(epoch * 30, (epoch + 1) * 30))).toEqual(upTo(30));
    }
  });

  it('may be larger than an epoch', () => {
    const batch = shuffledBatches(3, { batchSize: 8, seed: 1 }).batch(1);
    expect(sorted(batch.subarray(1, 4))).toEqual([0, 1, 2]);
  });

  it('end 20 epochs of 60,000 after 18,750 batches of 64', () => {
    const sampler = shuffledBatches(60000, { batchSize: 64, seed: 1 });
    const lastEpoch = Array.from({ length: 938 }, (_, i) => [...sampler.batch(18750 - 938 + i)]);
    expect(new Set(lastEpoch.flat().slice(-60000)).size).toBe(60000);
  });
});

describe('shuffledBatches', () => {
  it('gives every epoch another order', () => {
    const sampler = shuffledBatches(50, { batchSize: 50, seed: 1 });
    expect([...sampler.batch(0)]).not.toEqual([...sampler.batch(1)]);
    expect([...sampler.batch(0)]).not.toEqual(upTo(50));
  });

  it('puts every item first about equally often', () => {
    const counts = [0, 0, 0, 0, 0];
    for (let seed = 0; seed < 5000; seed++) {
      counts[shuffledBatches(5, { batchSize: 1, seed }).batch(0)[0]]++;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('refuses senseless sizes', () => {
    expect(() => shuffledBatches(0, { batchSize: 1, seed: 1 })).toThrow(
      'shuffledBatches: count must be a whole number > 0, got 0',
    );
    expect(() => shuffledBatches(9, { batchSize: 1.5, seed: 1 })).toThrow('batchSize must be');
    expect(() => orderedBatches(NaN, { batchSize: 1 })).toThrow('orderedBatches: count must be');
  });
});

describe('evaluationBatches', () => {
  it('has every item once, in order, the last batch short', () => {
    expect(evaluationBatches(5, 2).map((batch) => [...batch])).toEqual([[0, 1], [2, 3], [4]]);
    expect(evaluationBatches(4, 2).map((batch) => batch.length)).toEqual([2, 2]);
    expect(evaluationBatches(2, 64)).toEqual([Int32Array.from([0, 1])]);
  });
});

describe('bufferShuffledBatches', () => {
  const order = Int32Array.from(upTo(500));

  it('brings an item forward by at most buffer - 1 places, and uses all of them', () => {
    const forward = [
      ...bufferShuffledBatches(order, { batchSize: 500, buffer: 20, seed: 1 }).batch(0),
    ];
    const moves = forward.map((item, place) => item - place);
    expect(Math.max(...moves)).toBe(19);
    expect(Math.min(...moves)).toBeLessThan(-19);
  });

  it('keeps the order with a buffer of 1, and shuffles all with a buffer of everything', () => {
    const kept = bufferShuffledBatches(order, { batchSize: 500, buffer: 1, seed: 1 }).batch(0);
    expect([...kept]).toEqual([...order]);
    const mixed = bufferShuffledBatches(order, { batchSize: 500, buffer: 9999, seed: 1 }).batch(0);
    const meanOfFirstHalf = mixed.subarray(0, 250).reduce((a, b) => a + b) / 250;
    expect(Math.abs(meanOfFirstHalf - 249.5)).toBeLessThan(40);
  });

  it('leaves about 91 % of batches with one class, for 48,000 items in class order', () => {
    const sampler = bufferShuffledBatches(Int32Array.from(upTo(48000)), {
      batchSize: 64,
      buffer: 100,
      seed: 1,
    });
    let single = 0;
    for (let step = 0; step < 750; step++) {
      const classes = new Set(sampler.batch(step).map((item) => Math.floor(item / 4800)));
      if (classes.size === 1) single++;
    }
    expect(single / 750).toBeGreaterThan(0.89);
    expect(single / 750).toBeLessThan(0.93);
  });

  it('refuses an empty order and an empty buffer', () => {
    const options = { batchSize: 1, buffer: 1, seed: 1 };
    expect(() => bufferShuffledBatches(new Int32Array(0), options)).toThrow('order.length must be');
    expect(() => bufferShuffledBatches(order, { ...options, buffer: 0 })).toThrow(
      'bufferShuffledBatches: buffer must be a whole number > 0, got 0',
    );
  });
});

describe('balancedBatches', () => {
  it('holds P classes of K different images each', () => {
    const sampler = balancedBatches(labels, { classes: 4, images: 6, seed: 1 });
    expect(sampler.batchSize).toBe(24);
    for (let step = 0; step < 200; step++) {
      const batch = [...sampler.batch(step)];
      expect(new Set(batch).size).toBe(24);
      const perClass = new Map<number, number>();
      for (const i of batch) perClass.set(labels[i], (perClass.get(labels[i]) ?? 0) + 1);
      expect([...perClass.values()]).toEqual([6, 6, 6, 6]);
    }
  });

  it('draws every class and every image about equally often', () => {
    const few = upTo(40).map((i) => i % 4);
    const counts = new Array<number>(40).fill(0);
    const sampler = balancedBatches(few, { classes: 2, images: 3, seed: 1 });
    for (let step = 0; step < 4000; step++) for (const i of sampler.batch(step)) counts[i]++;
    for (const count of counts) expect(Math.abs(count - 600)).toBeLessThan(110);
  });

  it('can take all of every class', () => {
    const batch = balancedBatches([5, 5, 9, 9], { classes: 2, images: 2, seed: 1 }).batch(0);
    expect(sorted(batch)).toEqual([0, 1, 2, 3]);
  });

  it('refuses what cannot be drawn', () => {
    const unequal = [0, 0, 0, 1, 1, 2];
    expect(() => balancedBatches(unequal, { classes: 2, images: 2, seed: 1 })).toThrow(
      'balancedBatches: every class needs at least images = 2 items, class 2 has 1',
    );
    expect(() => balancedBatches(unequal, { classes: 4, images: 1, seed: 1 })).toThrow(
      'balancedBatches: classes must be at most the 3 in labels, got 4',
    );
    expect(() => balancedBatches(unequal, { classes: 0, images: 1, seed: 1 })).toThrow(
      'classes must',
    );
    expect(() => balancedBatches([], { classes: 1, images: 1, seed: 1 })).toThrow(
      'the 0 in labels',
    );
  });
});
