import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CELL_ENDED } from './cell-ended';
import { interruptSignal } from './interrupt-signal';

const before = process.listeners('SIGINT');
const added = (): number => process.listenerCount('SIGINT') - before.length;

/** Calls the listeners that were added, as a signal would, but not those of the test runner. */
function interrupt(): void {
  process
    .listeners('SIGINT')
    .filter((listener) => !before.includes(listener))
    .forEach((listener) => listener('SIGINT'));
}

afterEach(() => void process.emit(CELL_ENDED as never));

describe('interruptSignal', () => {
  it('is aborted by an interrupt, and listens no longer', async () => {
    const signal = interruptSignal();
    await turn();
    expect(added()).toBe(1);
    interrupt();
    expect(signal.aborted).toBe(true);
    expect(signal.reason.name).toBe('AbortError');
    expect(added()).toBe(0);
  });

  it('ends with its cell', async () => {
    const signal = interruptSignal();
    await turn();
    process.emit(CELL_ENDED as never);
    expect(added()).toBe(0);
    interrupt();
    expect(signal.aborted).toBe(false);
  });

  it('ends with a cell that is over before the signal listens', async () => {
    interruptSignal();
    process.emit(CELL_ENDED as never);
    await turn();
    expect(added()).toBe(0);
  });

  it('gives way to the next one', async () => {
    const [first, second] = [interruptSignal(), interruptSignal()];
    await turn();
    expect(added()).toBe(1);
    interrupt();
    expect([first.aborted, second.aborted]).toEqual([false, true]);
  });
});
