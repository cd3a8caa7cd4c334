import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { Limit, Timing } from './peer';

/**
 * Makes this process one that a `Peer` can ask: it writes a line, a Timing without steps, and answers
 * each line of standard input, a Limit, with another.
 *
 * @param prepare resolves to what takes a step
 */
export async function serveSteps(prepare: () => Promise<() => Promise<unknown>>): Promise<void> {
  const answer = (milliseconds: number[]): unknown =>
    process.stdout.write(`${JSON.stringify({ milliseconds, ...memory() } satisfies Timing)}\n`);
  answer([]);
  let repeat: (() => Promise<unknown>) | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps = Infinity, milliseconds: most = Infinity } = JSON.parse(line) as Limit;
    const milliseconds: number[] = [];
    const begin = performance.now();
    while (milliseconds.length < steps) {
      const start = performance.now();
      if (milliseconds.length > 0 && start - begin >= most) break;
      repeat ??= await prepare();
      await repeat();
      milliseconds.push(performance.now() - start);
    }
    repeat ??= await prepare();
    if (steps === 0) await collectGarbage();
    answer(milliseconds);
    if (steps === 0) forgetPeak();
  }
}

/** Twice, with a pause: the first time frees large arrays only after it has returned. */
async function collectGarbage(): Promise<void> {
  global.gc?.();
  await setTimeout(100);
  global.gc?.();
}

/** Lets the peak begin anew at what is resident now, where Linux allows it; elsewhere it stays. */
function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5', { flag: 'r+' });
  } catch {
    // The peak is then that of the whole process: more than it should be, never less.
  }
}

function memory(): Omit<Timing, 'milliseconds'> {
  return {
    residentMegabytes: process.memoryUsage.rss() / 1e6,
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
}
