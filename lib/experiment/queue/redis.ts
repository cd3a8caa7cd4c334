import type { Redis } from 'ioredis';
import { describeRedis, type RedisSettings } from './redis-settings';

/** Milliseconds in which a server has to answer the first time. */
const PATIENCE = 10_000;

/**
 * A connection that has been tried.
 *
 * @throws Error when there is no answer within ten seconds, or one that refuses: the message says why
 *   and holds no password; the signal's reason when it aborts
 */
export async function connectRedis(settings: RedisSettings, signal?: AbortSignal): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(settings);
  let problem = 'no answer';
  redis.on('error', (error: Error) => (problem = error.message));
  const timeout = AbortSignal.timeout(PATIENCE);
  const given = AbortSignal.any([timeout, ...(signal ? [signal] : [])]);
  try {
    await orAborted(redis.ping(), given);
    return redis;
  } catch (error) {
    redis.disconnect();
    if (signal?.aborted) throw error;
    const reason = timeout.aborted ? problem : (error as Error).message;
    throw new Error(`redis: ${describeRedis(settings)} cannot be used: ${reason}`, {
      cause: error,
    });
  }
}

/** What the promise comes to, or a rejection with the signal's reason as soon as that aborts. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
