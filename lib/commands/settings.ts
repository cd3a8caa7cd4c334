import { PRESETS, type Preset } from '../experiment/preset';
import type { Configuration } from '../experiment/configuration';
import type { Grid } from '../experiment/sweep/plan';
import { UsageError } from './command';

/** @throws UsageError when there is no such preset */
export function presetOf(text: string): Preset {
  if (!PRESETS.includes(text as Preset)) {
    throw new UsageError(`--preset must be one of ${PRESETS.join(', ')}, got '${text}'`);
  }
  return text as Preset;
}

/** @throws UsageError when the text is not a whole number >= `least` */
export function wholeNumberOf(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!(Number.isSafeInteger(number) && number >= least)) {
    throw new UsageError(`${option} must be a whole number >= ${least}, got '${text}'`);
  }
  return number;
}

/**
 * Settings from 'key=value' texts; a value is JSON where it can be read as such, else a string.
 *
 * @throws UsageError when a text has no '='
 */
export function settingsOf(texts: string[]): Partial<Configuration> {
  return Object.fromEntries(
    texts.map((text) => {
      const [key, value] = keyAndValue(text);
      return [key, jsonOrText(value)];
    }),
  );
}

/**
 * A grid from 'key=value,value,...' texts, each value as `settingsOf` reads it.
 *
 * @throws UsageError when a text has no '='
 */
export function gridOf(texts: string[]): Grid {
  return Object.fromEntries(
    texts.map((text) => {
      const [key, values] = keyAndValue(text);
      return [key, values.split(',').map(jsonOrText)];
    }),
  );
}

function keyAndValue(text: string): [key: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set must be key=value, got '${text}'`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
