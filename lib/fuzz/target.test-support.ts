import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, type Random } from '../data/random';
import { ESCAPED } from './mutations.test-support';

/** One kind of input, and what is done with it. */
export interface Target {
  name: string;
  /** Makes one damaged input and gives it to the library, in the folder given. */
  attempt(random: Random, folder: string): unknown;
  /** What the message of an error must match: it names the function or the file. */
  message: RegExp;
}

/** What came of many attempts. */
export interface Outcome {
  accepted: number;
  refused: number;
  /** The longest attempt, in seconds of processor time. */
  slowest: number;
}

/** Errors that nobody meant to throw. */
const ACCIDENTS =
  /Cannot (read|set|destructure|convert)|undefined|is not (a function|iterable|a constructor)|Maximum call stack|Invalid (array|string) length|allocation failed|offset is out|ENOTDIR|EISDIR/;

/** Seconds of processor time that no attempt may take. */
const LIMIT = 5;

/**
 * Makes `count` attempts. Each must be accepted or refused by a clear error, in bounded time, and must
 * leave everything outside of its folder alone.
 *
 * @throws Error naming the first attempt that does not, by seed and number
 */
export async function fuzz(target: Target, count: number, seed: number): Promise<Outcome> {
  const outside = mkdtempSync(join(tmpdir(), 'tripletlab-fuzz-'));
  const folder = join(outside, 'a', 'b', 'c');
  mkdirSync(folder, { recursive: true });
  const outcome: Outcome = { accepted: 0, refused: 0, slowest: 0 };
  try {
    for (let number = 0; number < count; number++) {
      const before = process.cpuUsage();
      try {
        await target.attempt(seededRandom(seed, number), folder);
        outcome.accepted++;
      } catch (error) {
        requireClear(error, target, `${target.name}, seed ${seed}, attempt ${number}`);
        outcome.refused++;
      }
      const { user, system } = process.cpuUsage(before);
      outcome.slowest = Math.max(outcome.slowest, (user + system) / 1e6);
      if (outcome.slowest > LIMIT) {
        throw new Error(`${target.name}, seed ${seed}, attempt ${number}: took too long`);
      }
    }
    const written = [
      ...listOf(outside),
      ...listOf(join(outside, 'a')),
      ...listOf(join(folder, '..')),
    ];
    if (written.join() !== 'a,b,c' || existsSync(join(tmpdir(), ESCAPED))) {
      throw new Error(
        `${target.name}, seed ${seed}: wrote outside of its folder: ${written.join()}`,
      );
    }
    return outcome;
  } finally {
    rmSync(outside, { recursive: true, force: true });
  }
}

function listOf(folder: string): string[] {
  return readdirSync(folder);
}

function requireClear(error: unknown, { message }: Target, where: string): void {
  const isError = error instanceof Error && error.constructor.name !== 'AssertionError';
  const text = isError ? error.message : String(error);
  // What is quoted from the input may be anything.
  const words = text.replace(/'[^']*'|"[^"]*"|(got|received) .*$|\(.*\)/gs, '');
  if (isError && message.test(text) && !ACCIDENTS.test(words) && text.length < 20_000) return;
  throw new Error(`${where}: not a clear error: ${text.slice(0, 500)}`, { cause: error });
}
