import type { Redis } from 'ioredis';
import { requireSize } from './archive';

/** All keys begin with this, those of the queue included. */
export const PREFIX = 'tripletlab';

/** The name of the queue. */
export const QUEUE = 'trainings';

/** Seconds that what nobody collects is kept. */
export const KEPT_SECONDS = 7 * 24 * 3600;

/** Seconds that a run is kept for others once somebody has collected it. */
const COLLECTED_SECONDS = 600;

/** Seconds in which whoever trains a run hears that it is not wanted any more. */
const STOP_SECONDS = 60;

/** A finished run, what is on record of one that failed, or where its training stands. */
type Kind = 'run' | 'record' | 'checkpoint';

/**
 * What goes between clients and workers beside the queue: archives, each under the hash of its run, so
 * that it does not matter who trained it, nor whether the queue still knows of it.
 */
export interface Store {
  has(kind: Kind, hash: string): Promise<boolean>;
  /** @throws RangeError when it is too large, before it is read */
  get(kind: Kind, hash: string): Promise<Buffer | undefined>;
  /** Replaces what is there. */
  put(kind: Kind, hash: string, archive: Buffer): Promise<void>;
  remove(kind: Kind, hash: string): Promise<void>;
  /** A finished run was collected: it need not be kept for long. */
  collected(hash: string): Promise<void>;
  /** Asks whoever trains a run to stop. */
  stop(hash: string): Promise<void>;
  /** Whether a run is to be stopped. */
  isStopped(hash: string): Promise<boolean>;
  /** Forgets that a run was to be stopped. */
  wanted(hash: string): Promise<void>;
}

export function store(redis: Redis): Store {
  const key = (kind: Kind | 'stop', hash: string): string => `${PREFIX}:${kind}:${hash}`;
  return {
    has: async (kind, hash) => (await redis.exists(key(kind, hash))) === 1,
    async get(kind, hash) {
      requireSize(`the ${kind} ${hash}`, await redis.strlen(key(kind, hash)));
      return (await redis.getBuffer(key(kind, hash))) ?? undefined;
    },
    async put(kind, hash, archive) {
      await redis.set(key(kind, hash), archive, 'EX', KEPT_SECONDS);
    },
    async remove(kind, hash) {
      await redis.unlink(key(kind, hash));
    },
    async collected(hash) {
      await redis.expire(key('run', hash), COLLECTED_SECONDS);
    },
    async stop(hash) {
      await redis.set(key('stop', hash), '', 'EX', STOP_SECONDS);
    },
    isStopped: async (hash) => (await redis.exists(key('stop', hash))) === 1,
    async wanted(hash) {
      await redis.unlink(key('stop', hash));
    },
  };
}
