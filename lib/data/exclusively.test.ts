import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exclusively, ifFree, isHeld } from './exclusively';

const temporary = mkdtempSync(join(tmpdir(), 'tripletlab-lock-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('exclusively', () => {
  it('lets one at a time into a folder, which it makes', async () => {
    const folder = join(temporary, 'new', 'folder');
    let inside = 0;
    const visit = (result: number): Promise<number> =>
      exclusively(folder, async () => {
        expect(++inside).toBe(1);
        await pause(30);
        inside--;
        return result;
      });
    expect(await Promise.all([visit(1), visit(2), visit(3)])).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lets the next in after a failure', async () => {
    const fails = exclusively(temporary, () => Promise.reject(new Error('no')));
    await expect(fails).rejects.toThrow('no');
    expect(await exclusively(temporary, () => Promise.resolve(5))).toBe(5);
  });

  it('waits no longer when its signal is aborted, and passes the signal on', async () => {
    const controller = new AbortController();
    const first = exclusively(
      temporary,
      async (signal) => {
        await pause(50);
        controller.abort(new Error('enough'));
        return signal.aborted;
      },
      controller.signal,
    );
    await pause(10);
    const second = exclusively(temporary, () => Promise.resolve(), controller.signal);
    await expect(second).rejects.toThrow('enough');
    expect(await first).toBe(true);
  });
});

describe('a lock from the future', () => {
  it('grows old as any other', async () => {
    const folder = join(temporary, 'future');
    const lock = join(folder, 'lock');
    mkdirSync(lock, { recursive: true });
    const year = 365 * 24 * 3600;
    utimesSync(lock, Date.now() / 1000 + year, Date.now() / 1000 + year);
    expect(isHeld(folder)).toBe(false);
    const stop = new AbortController();
    const waiting = exclusively(folder, () => Promise.resolve('in'), stop.signal);
    await pause(50);
    // It counts from now on, so that one whose clock is ahead keeps what it has.
    expect(isHeld(folder)).toBe(true);
    utimesSync(lock, Date.now() / 1000 - 11, Date.now() / 1000 - 11);
    expect(await waiting).toBe('in');
  });
});

describe('ifFree', () => {
  it('does its work where nobody else has the folder, which may go meanwhile', async () => {
    const folder = join(temporary, 'free');
    mkdirSync(folder);
    await exclusively(folder, async () => {
      expect(isHeld(folder)).toBe(true);
      expect(await ifFree(folder, () => expect.unreachable())).toBe(false);
    });
    expect(isHeld(folder)).toBe(false);
    const moved = join(temporary, 'moved');
    expect(await ifFree(folder, () => renameSync(folder, moved))).toBe(true);
    expect(existsSync(folder)).toBe(false);
    // Whoever waited for it makes it anew.
    expect(await exclusively(folder, () => Promise.resolve(5))).toBe(5);
  });
});
