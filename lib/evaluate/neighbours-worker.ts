import { parentPort, workerData } from 'node:worker_threads';
import { takeBlocks } from '../data/team';
import { writeDistances } from './distance-block';
import { nearestOfRow } from './nearest-of-row';
import type { SearchReport, SharedSearch } from './neighbours-team';

/* One thread of a search for nearest neighbours, a program of `runTeam`. */

const [TAKEN, THERE] = [0, 1];

function search({ comparison, excludeSelf, found, blockRows, slots, counts }: SharedSearch): void {
  const { query, reference } = comparison;
  const [total, references] = [query.shape[0], reference.shape[0]];
  const whole = { first: 0, count: references };
  const select = nearestOfRow({ query, reference, excludeSelf }, found);
  takeBlocks(counts, TAKEN, Math.ceil(total / blockRows), (number) => {
    const first = number * blockRows;
    const block = { first, count: Math.min(blockRows, total - first) };
    const slot = slots[number % slots.length];
    waitFor(counts, number);
    writeDistances(comparison, block, whole, slot, references, slot);
    for (let i = 0; i < block.count; i++) {
      select(first + i, slot.subarray(i * references, (i + 1) * references));
    }
    parentPort?.postMessage({ block: number } satisfies SearchReport);
  });
}

/** Returns when the products of a block are there. */
function waitFor(counts: Int32Array, block: number): void {
  for (;;) {
    const there = Atomics.load(counts, THERE);
    if (there > block) return;
    Atomics.wait(counts, THERE, there);
  }
}

search((workerData as { search: SharedSearch }).search);
