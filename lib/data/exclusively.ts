import { existsSync, mkdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { lock, type LockOptions } from 'proper-lockfile';

/** Milliseconds after which the lock of a process that died is taken over. */
const STALE = 10_000;

const LOCK = 'lock';

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
  const lost = new AbortController();
  const release = await acquire(folder, lost, signal);
  try {
    // The lock may have come free just because whoever held it was aborted, too.
    signal?.throwIfAborted();
    return await body(AbortSignal.any([lost.signal, ...(signal ? [signal] : [])]));
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

/**
 * Runs `body` if no process has this folder for itself just now, and keeps others out meanwhile. The
 * folder may be gone afterwards.
 *
 * @returns whether it was free
 */
export async function ifFree(folder: string, body: () => void): Promise<boolean> {
  let release: () => Promise<void>;
  distrustFuture(join(folder, LOCK));
  try {
    release = await lock(
      folder,
      lockOptions(folder, () => undefined),
    );
  } catch (error) {
    if ((error as { code?: string }).code === 'ELOCKED') return false;
    throw error;
  }
  try {
    body();
  } finally {
    // The lock lies in the folder, and goes where that goes.
    await release().catch(() => undefined);
  }
  return true;
}

/** Whether a process has this folder for itself: what it says may be over the moment after. */
export function isHeld(folder: string): boolean {
  const path = join(folder, LOCK);
  return existsSync(path) && Math.abs(Date.now() - statSync(path).mtimeMs) < STALE;
}

async function acquire(
  folder: string,
  lost: AbortController,
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  for (;;) {
    signal?.throwIfAborted();
    // Whoever had the folder for itself may have removed it.
    mkdirSync(folder, { recursive: true });
    distrustFuture(join(folder, LOCK));
    try {
      return await lock(
        folder,
        // By default it throws from a timer, which would end the process.
        lockOptions(folder, (error) => lost.abort(error)),
      );
    } catch (error) {
      if ((error as { code?: string }).code !== 'ELOCKED') throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** A lock from a clock that is ahead, or from an archive, would never grow old: it is one from now. */
function distrustFuture(path: string): void {
  const now = Date.now();
  if (existsSync(path) && statSync(path).mtimeMs > now + STALE)
    utimesSync(path, now / 1e3, now / 1e3);
}

function lockOptions(folder: string, onCompromised: (error: Error) => void): LockOptions {
  return { lockfilePath: join(folder, LOCK), stale: STALE, update: 2_000, onCompromised };
}
