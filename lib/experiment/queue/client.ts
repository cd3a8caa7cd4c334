import type { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Progress } from '../../data/progress';
import { ATTEMPTS, jobId, type TrainingJob } from './job';
import { connectRedis } from './redis';
import { describeRedis, redisSettings, type RedisOptions } from './redis-settings';
import { KEPT_SECONDS, PREFIX, QUEUE, store, type Store } from './store';

/** Where the job of a run stands. */
export type JobStanding =
  /** The queue does not know it, or knows it as done. */
  | { state: 'none' }
  | { state: 'waiting' }
  | { state: 'active'; progress?: Progress }
  | { state: 'failed'; error: string };

/** What a client hears unasked. */
export interface ClientListener {
  /** Something has happened to the job of a run; it says no more. */
  onChange(hash: string): void;
  onProgress(hash: string, progress: Progress): void;
  /** The connection is there, or has broken; it is made again by itself. */
  onConnection(isConnected: boolean): void;
}

/** A client's end of the queue. */
export interface Client {
  /** Where it is, for a reader. */
  address: string;
  store: Store;
  standing(hash: string): Promise<JobStanding>;
  /** Puts a job into the queue, unless somebody has. */
  add(job: TrainingJob): Promise<void>;
  /** Takes the job of a run out of the queue. @returns false when somebody works on it */
  remove(hash: string): Promise<boolean>;
  /** How many workers are connected; undefined where Redis does not say. */
  workers(): Promise<number | undefined>;
  close(): void;
}

/** What a worker says of its training. */
const progressSchema = z.object({
  label: z.string(),
  done: z.number(),
  total: z.number(),
  unit: z.string().optional(),
  metrics: z.record(z.string(), z.number()).optional(),
});

/**
 * Connects a client to the queue. A connection that breaks later is made again; what is asked
 * meanwhile is answered then.
 *
 * @throws Error when there is no Redis to connect to; the signal's reason when it aborts
 */
export async function connectClient(
  options: RedisOptions | undefined,
  listener: ClientListener,
  signal: AbortSignal,
): Promise<Client> {
  const settings = redisSettings(options);
  const redis = await connectRedis(settings, signal);
  // Loading it takes time, which who uses no queue need not wait for.
  const { Queue, QueueEvents } = await import('bullmq');
  const queue: Queue<TrainingJob> = new Queue<TrainingJob>(QUEUE, {
    connection: redis,
    prefix: PREFIX,
  });
  const events = new QueueEvents(QUEUE, { connection: settings, prefix: PREFIX });
  // A connection that breaks is made again: 'close' below tells of it.
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  listen(events, redis, listener);

  return {
    address: describeRedis(settings),
    store: store(redis),
    standing: (hash) => standingOf(queue, hash),
    async add(job) {
      await queue.add('train', job, {
        jobId: jobId(job.hash),
        attempts: ATTEMPTS,
        backoff: { type: 'exponential', delay: 1_000 },
        removeOnComplete: { age: KEPT_SECONDS },
        removeOnFail: { age: KEPT_SECONDS },
      });
    },
    remove: async (hash) => (await queue.remove(jobId(hash))) !== 0,
    workers: () => queue.getWorkersCount().catch(() => undefined),
    close() {
      redis.removeAllListeners('close');
      void events.close().catch(() => undefined);
      void queue.close().catch(() => undefined);
      redis.disconnect();
    },
  };
}

/** The events of the queue say only where to look: one that is lost does no harm. */
function listen(events: QueueEvents, redis: Redis, listener: ClientListener): void {
  const changed = ({ jobId: id }: { jobId: string }): void => listener.onChange(hashOf(id));
  events.on('active', changed);
  events.on('completed', changed);
  events.on('failed', changed);
  events.on('removed', changed);
  events.on('progress', ({ jobId: id, data }) => {
    const progress = progressSchema.safeParse(data);
    if (progress.success) listener.onProgress(hashOf(id), progress.data);
  });
  redis.on('close', () => listener.onConnection(false));
  redis.on('ready', () => listener.onConnection(true));
}

/** The inverse of `jobId`. */
function hashOf(id: string): string {
  return id.replace(/^run-/, '');
}

async function standingOf(queue: Queue<TrainingJob>, hash: string): Promise<JobStanding> {
  const job = await queue.getJob(jobId(hash));
  const state = await job?.getState();
  switch (state) {
    case undefined:
    case 'unknown':
    case 'completed':
      return { state: 'none' };
    case 'active': {
      const progress = progressSchema.safeParse(job!.progress);
      return { state: 'active', ...(progress.success && { progress: progress.data }) };
    }
    case 'failed':
      return { state: 'failed', error: job!.failedReason };
    default:
      return { state: 'waiting' };
  }
}
