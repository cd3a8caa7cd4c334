import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Job, Worker } from 'bullmq';
import { projectPath } from '../../data/project';
import type { OnProgress, Progress } from '../../data/progress';
import { requirePositive } from '../../data/require-positive';
import { replaceableProcess } from '../sweep/replaceable-process';
import { ATTEMPTS, FinalError } from './job';
import { connectRedis } from './redis';
import { describeRedis, redisSettings, type RedisOptions } from './redis-settings';
import { PREFIX, QUEUE, store as storeOf } from './store';
import { trainJob } from './train-job';

/** What a worker tells of itself. */
export type WorkerEvent =
  | { type: 'ready'; address: string }
  | { type: 'started'; name: string }
  | { type: 'finished' | 'interrupted'; name: string }
  | { type: 'failed'; name: string; error: string }
  /** Something is wrong that may mend itself, such as the connection. */
  | { type: 'problem'; error: string };

/** Options of `work`. */
export interface WorkOptions {
  redis?: RedisOptions;
  /** How many trainings at a time, each in a process of its own. */
  concurrency: number;
  /** Where trainings are kept until they are finished. Default: results/worker of the project. */
  folder?: string;
  /** After so many seconds without a word a worker is taken for dead and its jobs given to others. */
  lockSeconds?: number;
  /** Ends the work: what is under way stops with a checkpoint and goes back into the queue. */
  signal: AbortSignal;
  onEvent: (event: WorkerEvent) => void;
}

/** Milliseconds between two words about a training's progress, at least. */
const INTERVAL = 500;

/** Milliseconds that an end may take, with a Redis that does not answer. */
const GRACE = 20_000;

/** Why a job is interrupted that somebody else may be doing by now. */
const LOST = 'its lock was lost';

/**
 * Takes jobs out of the queue and trains them, until the signal aborts.
 *
 * @throws RangeError when an option is out of range; Error when there is no Redis to connect to
 */
export async function work(options: WorkOptions): Promise<void> {
  const { concurrency, lockSeconds = 20, signal, onEvent } = options;
  const folder = options.folder ?? projectPath('results', 'worker');
  requirePositive('work', { concurrency });
  if (!(lockSeconds >= 1)) {
    throw new RangeError(`work: lockSeconds must be >= 1, got ${lockSeconds}`);
  }
  const settings = redisSettings(options.redis);
  const redis = await connectRedis(settings, signal);
  const store = storeOf(redis);
  const { UnrecoverableError, WaitingError, Worker } = await import('bullmq');
  const processes = Array.from({ length: concurrency }, replaceableProcess);
  const idle = [...processes];

  async function serve(job: Job<unknown>, token = '', interruption: AbortSignal): Promise<void> {
    const name = nameOf(job);
    // The queue hands out no more jobs than there are processes.
    const process = idle.pop()!;
    onEvent({ type: 'started', name });
    try {
      const onProgress = seldom((progress) => {
        // One that does not arrive is followed by another.
        job.updateProgress({ ...progress }).catch(() => undefined);
      });
      const options = { store, process, folder, signal: interruption, onProgress };
      const isFinished = await trainJob(job.id!, job.data, options);
      onEvent({ type: isFinished ? 'finished' : 'interrupted', name });
      if (isFinished) return;
    } catch (error) {
      const { message } = error as Error;
      onEvent({ type: 'failed', name, error: message });
      throw error instanceof FinalError ? new UnrecoverableError(message) : error;
    } finally {
      idle.push(process);
    }
    if (interruption.reason === LOST) throw new Error(LOST);
    await job.moveToWait(token);
    throw new WaitingError();
  }

  const worker = new Worker<unknown>(
    QUEUE,
    (job, token, interruption) => serve(job, token, interruption as AbortSignal),
    {
      connection: settings,
      prefix: PREFIX,
      name: hostname(),
      concurrency,
      lockDuration: 1_000 * lockSeconds,
      stalledInterval: 500 * lockSeconds,
      maxStalledCount: ATTEMPTS - 1,
      runRetryDelay: 1_000,
    },
  );
  worker.on('error', ({ message }) => onEvent({ type: 'problem', error: message }));
  worker.on('lockRenewalFailed', (ids) => ids.forEach((id) => worker.cancelJob(id, LOST)));
  try {
    // The first jobs need not wait for them.
    await Promise.all(processes.map((process) => process.alive()));
    await worker.waitUntilReady();
    onEvent({ type: 'ready', address: describeRedis(settings) });
    await aborted(signal);
  } finally {
    await close(worker);
    await Promise.all(processes.map((process) => process.close()));
    redis.disconnect();
  }
}

async function close(worker: Worker): Promise<void> {
  const closed = worker.close();
  worker.cancelAllJobs('the worker ends');
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, GRACE)));
  await Promise.race([closed, grace]);
  clearTimeout(timer);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What a job is called, for a reader; whoever wrote it. */
function nameOf({ id, data }: Job<unknown>): string {
  const { name } = (data as { config?: { name?: unknown } } | null)?.config ?? {};
  return typeof name === 'string' && /^[\w.-]{1,64}$/.test(name) ? name : String(id);
}

/** Passes progress on, the first and the last and a few of the others. */
function seldom(onProgress: OnProgress): OnProgress {
  let told = -Infinity;
  return (progress: Progress) => {
    const now = performance.now();
    if (now - told < INTERVAL && progress.done < progress.total) return;
    told = now;
    onProgress(progress);
  };
}
