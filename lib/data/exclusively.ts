import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';

/**
 * Runs `body` while no other process does so for this folder, which is made if missing; waits for
 * it otherwise. The lock of a process that died is taken over after ten seconds.
 *
 * @param body receives a signal that is aborted when `signal` is, and when the lock is lost: another
 *   process took it over while this one slept, or the folder was deleted
 */
export async function exclusively<T>(
  folder: string,
  body: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const lost = new AbortController();
  const release = await acquire(folder, lost, signal);
  try {
    return await body(AbortSignal.any([lost.signal, ...(signal ? [signal] : [])]));
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

async function acquire(
  folder: string,
  lost: AbortController,
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await lock(folder, {
        lockfilePath: join(folder, 'lock'),
        stale: 10_000,
        update: 2_000,
        // By default it throws from a timer, which would end the process.
        onCompromised: (error) => lost.abort(error),
      });
    } catch (error) {
      if ((error as { code?: string }).code !== 'ELOCKED') throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
