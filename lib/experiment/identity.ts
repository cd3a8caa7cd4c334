import { createHash } from 'node:crypto';
import type { EngineChoice } from '../engine/engines';
import type { Configuration } from './configuration';
import type { Environment } from './environment';

/** Raised only when a change of the library alters the numbers that a configuration leads to. */
export const trainingRevision = 3;

/**
 * What identifies a run: its settings (without the name, with the engine that 'auto' came down to),
 * its data and `trainingRevision`. Two runs with one identity have the same numbers.
 *
 * @param digest identifies the data (`Dataset.digest`)
 * @returns 12 hexadecimal digits of a SHA-256
 */
export function runHash(
  { name: _, ...settings }: Configuration,
  choice: EngineChoice,
  digest: string,
): string {
  const identity = { ...settings, engine: choice.engine, digest, trainingRevision };
  return createHash('sha256').update(canonicalJson(identity)).digest('hex').slice(0, 12);
}

/** What identifies a run that is on record; undefined when another revision trained it. */
export function recordedHash(config: Configuration, environment: Environment): string | undefined {
  if (environment.trainingRevision !== trainingRevision) return undefined;
  const { engine, engineReason: reason, digest } = environment;
  return runHash(config, { engine, reason }, digest);
}

/** JSON with the keys in order, so that equal objects have equal texts. */
function canonicalJson(record: Record<string, unknown>): string {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}
