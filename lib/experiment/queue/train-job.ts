import { rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OnProgress } from '../../data/progress';
import type { RunPlace } from '../run-place';
import type { ReplaceableProcess } from '../sweep/replaceable-process';
import type { ProcessEnd } from '../sweep/training-process';
import { acceptJob, ATTEMPTS, FinalError, STOPPED } from './job';
import { packCheckpoint, packRecord, packRun, receiveCheckpoint } from './run-archive';
import type { Store } from './store';

/** What a worker has for a job. */
export interface JobOptions {
  store: Store;
  process: ReplaceableProcess;
  /** Where it trains. */
  folder: string;
  /** Interrupts the training: its checkpoint is kept. */
  signal: AbortSignal;
  onProgress: OnProgress;
}

/** Milliseconds between two looks at the checkpoint, and at whether the run is still wanted. */
const INTERVAL = 1_000;

/**
 * Trains what a job asks for in a process of its own, from the newest checkpoint that there is, and
 * leaves the run in the store; meanwhile its checkpoints, from which another worker would go on.
 *
 * @returns whether the run is finished; it is not when the signal has interrupted it
 * @throws FinalError when the job is refused, the training fails or a client has stopped it; Error when
 *   it may go well elsewhere or later: this machine is at fault
 */
export async function trainJob(id: string, data: unknown, options: JobOptions): Promise<boolean> {
  const { store, process, folder, signal, onProgress } = options;
  const { job, place } = await acceptJob(id, data, folder);
  const { hash, config, checkpointSeconds } = job;
  if (await store.has('run', hash)) return true;
  await bringCheckpoint(store, place, signal);
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const escort = escortOf(store, place, () => stop.abort());
  const end = await (await process.alive())
    .train({ config, runsFolder: folder, checkpointSeconds, signal: stopped, onProgress })
    .finally(() => escort.end());
  if (end.type === 'died') await escort.ship();
  if (end.type === 'finished' || !stopped.aborted) {
    await conclude(store, place, end);
    return true;
  }
  await escort.ship();
  if (signal.aborted) return false;
  await store.wanted(hash);
  throw new FinalError(STOPPED);
}

/** Leaves in the store what came out. @throws as `trainJob` does, when that is no run */
async function conclude(store: Store, place: RunPlace, end: ProcessEnd): Promise<void> {
  const { hash, folder } = place;
  if (end.type === 'finished') {
    await store.put(
      'run',
      hash,
      finalIfTooLarge(() => packRun(folder)),
    );
    await store.remove('checkpoint', hash);
    rmSync(folder.path, { recursive: true, force: true });
    return;
  }
  await store.put('record', hash, packRecord(folder));
  if (end.type === 'died') {
    throw new Error(`the training process ${end.reason} (in each of ${ATTEMPTS} attempts)`);
  }
  const error = end.type === 'failed' ? end.error : 'the training was aborted';
  if (end.type === 'failed' && end.code !== undefined) throw new Error(error);
  // From its checkpoint it would fail again, whatever is mended.
  await store.remove('checkpoint', hash);
  rmSync(folder.path, { recursive: true, force: true });
  throw new FinalError(error);
}

/** Goes on from where somebody else has come to, if that is further. */
async function bringCheckpoint(store: Store, place: RunPlace, signal: AbortSignal): Promise<void> {
  try {
    const checkpoint = await store.get('checkpoint', place.hash);
    if (checkpoint) await receiveCheckpoint(place, checkpoint, signal);
  } catch (error) {
    if (signal.aborted || (error as NodeJS.ErrnoException).errno !== undefined) throw error;
    // A damaged one is none: the training begins anew.
    await store.remove('checkpoint', place.hash);
  }
}

/** What goes on beside a training. */
interface Escort {
  /** Puts the newest checkpoint into the store. */
  ship(): Promise<void>;
  /** Resolves when nothing goes on any more. */
  end(): Promise<void>;
}

function escortOf(store: Store, { hash, folder }: RunPlace, onStop: () => void): Escort {
  const path = folder.file('checkpoint.bin');
  let shipped = modified(path);
  let isOver = false;
  const ended = new AbortController();

  async function ship(): Promise<void> {
    const newest = modified(path);
    if (newest === undefined || newest === shipped) return;
    const archive = packCheckpoint(folder);
    if (archive) await store.put('checkpoint', hash, archive);
    shipped = newest;
  }

  async function accompany(): Promise<void> {
    while (!isOver) {
      try {
        await sleep(INTERVAL, undefined, { signal: ended.signal });
        if (await store.isStopped(hash)) onStop();
        await ship();
      } catch {
        // A checkpoint that does not arrive, or vanishes as the training ends, costs time at most.
      }
    }
  }

  const going = accompany();
  return {
    ship,
    async end() {
      isOver = true;
      ended.abort();
      await going;
    },
  };
}

function modified(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** Elsewhere it would be as large. */
function finalIfTooLarge<T>(pack: () => T): T {
  try {
    return pack();
  } catch (error) {
    if (error instanceof RangeError) throw new FinalError(error.message);
    throw error;
  }
}
