import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialEvent } from '../sweep/executor';
import type { RunPlace } from '../run-place';
import type { Client } from './client';
import { ATTEMPTS, jobOf, STOPPED } from './job';
import { orAborted } from './redis';
import {
  packCheckpoint,
  receiveCheckpoint,
  receiveRecord,
  receiveRun,
  stepPacked,
  stepReached,
} from './run-archive';

/** A run that is to come through the queue. */
export interface Errand {
  place: RunPlace;
  /** Seconds of training between two checkpoints, at least. */
  checkpointSeconds: number;
  /** Whether this client has put its job into the queue, or found it there. */
  isAsked: boolean;
  /** Hears what happens to it. */
  tell: (event: TrialEvent) => void;
}

/** What `attend` needs besides. */
export interface AttendOptions {
  signal: AbortSignal;
  /** Why jobs wait, where that is not for their turn. */
  reason?: string;
}

/** What the queue says of a job that stalled too often. */
const STALLED = 'job stalled more than allowable limit';

/** Milliseconds that workers have to stop what is not wanted any more. */
const GRACE = 20_000;

/**
 * Looks after a run: brings it here when it is finished, asks for it when the queue does not know it,
 * and tells where it stands.
 *
 * @returns whether it has come to an end
 */
export async function attend(
  client: Client,
  errand: Errand,
  options: AttendOptions,
): Promise<boolean> {
  const { place, tell } = errand;
  const { signal } = options;
  try {
    const archive = await client.store.get('run', place.hash);
    if (archive) {
      await receiveRun(place, archive, signal);
      await client.store.collected(place.hash);
      tell({ type: 'finished' });
      return true;
    }
    return await advance(client, errand, options);
  } catch (error) {
    if (signal.aborted) throw error;
    const { name, message, errno } = error as NodeJS.ErrnoException;
    if (name === 'ReplyError') {
      // Redis is loading, out of memory or cannot save: it may be able to a moment later.
      tell({ type: 'waiting', reason: message });
      return false;
    }
    // What cannot be written here waits there for the next sweep; what is wrong must not wait for it.
    if (errno === undefined) await forget(client, place.hash);
    tell({ type: 'failed', error: message });
    return true;
  }
}

/** Does what the standing of its job asks for. @returns whether the run has come to an end */
async function advance(
  client: Client,
  errand: Errand,
  { signal, reason }: AttendOptions,
): Promise<boolean> {
  const { place, tell } = errand;
  const wait = (): void => tell({ type: 'waiting', ...(reason !== undefined && { reason }) });
  const standing = await client.standing(place.hash);
  switch (standing.state) {
    case 'waiting':
      errand.isAsked = true;
      wait();
      return false;
    case 'active':
      errand.isAsked = true;
      tell(
        standing.progress ? { type: 'progress', progress: standing.progress } : { type: 'started' },
      );
      return false;
    case 'none':
      await ask(client, errand, signal);
      wait();
      return false;
    case 'failed':
      // What failed in an earlier sweep, or was stopped by the client of another, is tried again.
      if (!errand.isAsked || standing.error === STOPPED) {
        await ask(client, errand, signal);
        wait();
        return false;
      }
      await bringRecord(client, place, signal);
      tell({ type: 'failed', error: explained(standing.error) });
      return true;
  }
}

async function ask(client: Client, errand: Errand, signal: AbortSignal): Promise<void> {
  const { place, checkpointSeconds } = errand;
  // There may be what is left of a job that is done. One that somebody works on meanwhile stays.
  await client.remove(place.hash);
  await client.store.wanted(place.hash);
  await offerCheckpoint(client, place);
  signal.throwIfAborted();
  errand.isAsked = true;
  await client.add(jobOf(place, checkpointSeconds));
}

/** What was trained here need not be trained there. */
async function offerCheckpoint({ store }: Client, { hash, folder }: RunPlace): Promise<void> {
  const step = stepReached(folder);
  const archive = step > 0 ? packCheckpoint(folder) : undefined;
  if (!archive) return;
  const known = await store.get('checkpoint', hash);
  if (!known || stepPacked(known) < step) await store.put('checkpoint', hash, archive);
}

/** The metrics of a failed training, from which one sees why; without them it has failed as well. */
async function bringRecord({ store }: Client, place: RunPlace, signal: AbortSignal): Promise<void> {
  try {
    const record = await store.get('record', place.hash);
    if (record) await receiveRecord(place, record, signal);
  } catch (error) {
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).errno !== undefined) return;
    await store.remove('record', place.hash);
  }
}

async function forget(client: Client, hash: string): Promise<void> {
  await client.store.remove('run', hash);
  await client.remove(hash);
}

function explained(error: string): string {
  return error === STALLED ? `its worker was lost (in each of ${ATTEMPTS} attempts)` : error;
}

/**
 * Takes back what is not wanted any more: jobs that nobody has begun leave the queue, the others stop
 * with a checkpoint, within twenty seconds; the checkpoints are brought here.
 */
export async function withdraw(client: Client, errands: readonly Errand[]): Promise<void> {
  const given = AbortSignal.timeout(GRACE);
  await Promise.allSettled(
    errands
      .filter(({ isAsked }) => isAsked)
      .map(({ place }) => orAborted(withdrawOne(client, place, given), given)),
  );
}

async function withdrawOne(client: Client, place: RunPlace, signal: AbortSignal): Promise<void> {
  const { hash } = place;
  if (!(await client.remove(hash))) {
    await client.store.stop(hash);
    while ((await client.standing(hash)).state === 'active')
      await sleep(200, undefined, { signal });
    await client.remove(hash);
    await client.store.wanted(hash);
  }
  const checkpoint = await client.store.get('checkpoint', hash);
  if (checkpoint) await receiveCheckpoint(place, checkpoint, signal);
}
