import { setImmediate } from 'node:timers/promises';
import { runTeam, shared } from '../data/team';
import { BLOCK_ROWS, productTiles } from './block-product';
import { compared, type Comparison } from './distance-block';
import type { ComparisonOptions } from './distance-rows';
import type { Search } from './nearest-of-row';
import type { Neighbours } from './neighbours';

/** What the threads of a search share. */
export interface SharedSearch {
  comparison: Comparison;
  excludeSelf: boolean;
  found: Neighbours;
  /** Query rows of a block. */
  blockRows: number;
  /** Block b of query rows is worked on in slot b % slots.length: its products, then its distances. */
  slots: Float32Array[];
  /** [0]: the next block that no thread has taken; [1]: the number of blocks whose products are there. */
  counts: Int32Array;
}

/** What a thread posts when a block is done, and its slot is free again. */
export interface SearchReport {
  block: number;
}

/**
 * The search of `nearestNeighbours` on worker threads. This one only lets the engine compute the inner
 * products, block after block, and the others turn them into distances and select: a query row is
 * looked at in the same way whoever does, so that the result does not depend on their number.
 */
export async function searchWithTeam(
  { query, reference, excludeSelf }: Search,
  k: number,
  threads: number,
  label: string,
  { signal, onProgress }: ComparisonOptions,
): Promise<Neighbours> {
  const total = query.shape[0];
  const comparison = compared(query, reference);
  const search = createSearch(comparison, excludeSelf, k, 2 * threads);
  const over = new AbortController();
  const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const supply = supplier(comparison, search, either);
  let rows = 0;
  const team = runTeam<SearchReport>('evaluate/neighbours-worker.js', { search }, threads, {
    signal: either,
    onMessage: ({ block }) => {
      rows += Math.min(BLOCK_ROWS, total - block * BLOCK_ROWS);
      onProgress?.({ label, done: rows, total, unit: 'row' });
      supply.free(block);
    },
  });
  // When one of the two fails, the other must not go on, nor wait for it.
  const end = (error: unknown): void => over.abort(error);
  await Promise.all([team.catch(end), supply.run().catch(end)]);
  over.signal.throwIfAborted();
  return search.found;
}

function createSearch(
  { query, reference, centre, norms }: Comparison,
  excludeSelf: boolean,
  k: number,
  slots: number,
): SharedSearch {
  const total = query.shape[0];
  const data = shared(reference.data);
  const queryData = query.data === reference.data ? data : shared(query.data);
  return {
    comparison: {
      query: { data: queryData, shape: query.shape },
      reference: { data, shape: reference.shape },
      centre,
      norms,
    },
    excludeSelf,
    found: {
      indices: new Int32Array(new SharedArrayBuffer(4 * total * k)),
      distances: new Float32Array(new SharedArrayBuffer(4 * total * k)),
      k,
    },
    blockRows: BLOCK_ROWS,
    slots: Array.from(
      { length: slots },
      () => new Float32Array(new SharedArrayBuffer(4 * BLOCK_ROWS * reference.shape[0])),
    ),
    counts: new Int32Array(new SharedArrayBuffer(8)),
  };
}

interface Supply {
  /** Fills one slot after another, as they become free, and resolves when all blocks have had theirs. */
  run(): Promise<void>;
  /** Says that a block is done. */
  free(block: number): void;
}

function supplier(comparison: Comparison, search: SharedSearch, signal: AbortSignal): Supply {
  const references = comparison.reference.shape[0];
  const done = new Set<number>();
  let wake = (): void => undefined;
  signal.addEventListener('abort', () => wake(), { once: true });
  const emptySlot = async (block: number): Promise<Float32Array> => {
    const earlier = block - search.slots.length;
    while (earlier >= 0 && !done.has(earlier) && !signal.aborted) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
    signal.throwIfAborted();
    return search.slots[block % search.slots.length];
  };
  return {
    free(block: number): void {
      done.add(block);
      wake();
    },
    async run(): Promise<void> {
      for await (const { block, tile, products, stride } of productTiles(comparison, signal)) {
        const number = block.first / search.blockRows;
        const slot = await emptySlot(number);
        for (let i = 0; i < block.count; i++) {
          const row = products.subarray(i * stride, i * stride + tile.count);
          slot.set(row, i * references + tile.first);
        }
        if (tile.first + tile.count < references) continue;
        Atomics.store(search.counts, 1, number + 1);
        Atomics.notify(search.counts, 1);
        await setImmediate();
      }
    },
  };
}
