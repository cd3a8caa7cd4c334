import type { Configuration } from '../configuration';
import { placeOf } from '../run-place';
import type { Executor, ExecutorOptions, TrialEvent } from '../sweep/executor';
import { connectClient, type Client, type ClientListener } from './client';
import { attend, withdraw, type Errand } from './errand';
import { orAborted } from './redis';
import type { RedisOptions } from './redis-settings';

/** Milliseconds after which all jobs are looked at, whether or not the queue has told of them. */
const INTERVAL = 5_000;

/** Errands by the hash of their run. */
type Errands = Map<string, Errand>;

/**
 * Has configurations trained by whoever has started `tripletlab worker` on the same Redis. There is one
 * job for a run, however many clients ask for it; a client that was killed finds its jobs again by
 * asking for the same. What the queue has lost is asked for once more: where a job stands is looked
 * at, not remembered.
 *
 * On an abort jobs that nobody has begun are taken back, the others stop with a checkpoint, and all
 * checkpoints are brought here, where a local sweep would go on from them, too.
 */
export function queueExecutor(redis?: RedisOptions): Executor {
  return async (configurations, options) => {
    try {
      await fetchAll(await errandsOf(configurations, options), options.signal, redis);
    } catch (error) {
      if (!options.signal.aborted) throw error;
    }
  };
}

/** @throws the signal's reason, when what is not wanted any more was taken back */
async function fetchAll(
  errands: Errands,
  signal: AbortSignal,
  redis?: RedisOptions,
): Promise<void> {
  const bell = due(errands);
  let client: Client | undefined;
  try {
    client = await connectClient(redis, listener(errands, bell), signal);
    while (errands.size > 0) {
      const reason = await orAborted(reasonToWait(client), signal);
      for (const [hash, errand] of bell.take()) {
        const isOver = await orAborted(attend(client, errand, { signal, reason }), signal);
        if (isOver) errands.delete(hash);
      }
      if (errands.size > 0) await orAborted(bell.rung(), signal);
    }
  } catch (error) {
    if (signal.aborted && client) await withdraw(client, [...errands.values()]);
    throw error;
  } finally {
    bell.close();
    client?.close();
  }
}

/** One errand for a run, however often it is in the list. */
async function errandsOf(
  configurations: readonly Configuration[],
  { runsFolder, checkpointSeconds, signal, onEvent }: ExecutorOptions,
): Promise<Errands> {
  const errands: Errands = new Map();
  const places = new Map<string, number[]>();
  for (const [i, config] of configurations.entries()) {
    const place = await placeOf(config, { runsFolder, signal });
    const among = [...(places.get(place.hash) ?? []), i];
    places.set(place.hash, among);
    const tell = news((event) => among.forEach((at) => onEvent(at, event)));
    errands.set(place.hash, { place, checkpointSeconds, isAsked: false, tell });
  }
  return errands;
}

/** Passes on what is new: that a trial has started or waits is told when it was not so before. */
function news(tell: (event: TrialEvent) => void): (event: TrialEvent) => void {
  let known = JSON.stringify({ type: 'waiting' });
  return (event) => {
    const state = JSON.stringify(event.type === 'progress' ? { type: 'started' } : event);
    if (state !== known || event.type === 'progress') tell(event);
    known = state;
  };
}

/** The errands that have to be looked at, all of them every few seconds. */
interface Due {
  add(hash: string): void;
  /** Those that are due; they are no more. */
  take(): [hash: string, errand: Errand][];
  /** Resolves when one is due. */
  rung(): Promise<void>;
  close(): void;
}

function due(errands: Errands): Due {
  const hashes = new Set(errands.keys());
  let ring = (): void => undefined;
  const all = (): void => {
    for (const hash of errands.keys()) hashes.add(hash);
    ring();
  };
  const timer = setInterval(all, INTERVAL);
  return {
    add(hash) {
      if (!errands.has(hash)) return;
      hashes.add(hash);
      ring();
    },
    take() {
      const taken = [...errands].filter(([hash]) => hashes.has(hash));
      hashes.clear();
      return taken;
    },
    rung: () =>
      new Promise((resolve) => {
        if (hashes.size > 0) resolve();
        ring = resolve;
      }),
    close: () => clearInterval(timer),
  };
}

function listener(errands: Errands, bell: Due): ClientListener {
  return {
    onChange: (hash) => bell.add(hash),
    onProgress: (hash, progress) => errands.get(hash)?.tell({ type: 'progress', progress }),
    onConnection(isConnected) {
      for (const [hash, { tell }] of errands) {
        if (isConnected) bell.add(hash);
        else tell({ type: 'waiting', reason: 'no connection to Redis, trying again' });
      }
    },
  };
}

/** A queue without workers is a sweep without end, which is said. */
async function reasonToWait(client: Client): Promise<string | undefined> {
  return (await client.workers()) === 0 ? `no worker at ${client.address}` : undefined;
}
