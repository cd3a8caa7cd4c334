import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exclusively } from './exclusively';

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
