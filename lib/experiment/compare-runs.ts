import { createRequire } from 'node:module';
import type { DataFrame } from 'danfojs-node';
import type { Configuration } from './configuration';
import type { Run } from './run';
import { differingSettings } from './sweep/trials';

/** What to compare runs by, by name; a run that has no such figure, as one that failed, gives none. */
export type RunMetrics = Readonly<Record<string, (run: Run) => number | undefined>>;

/** Figures of the validation images, by the name that they have in a comparison. */
const VALIDATION = {
  loss: 'loss',
  'fraction positive': 'fractionPositive',
  accuracy: 'accuracy',
  'precision@1': 'precisionAt1',
};

/** What runs are compared by unless told: loss, fraction positive or accuracy, and precision@1. */
export function validationMetrics(runs: readonly Run[]): RunMetrics {
  const measured = Object.entries(VALIDATION).filter(([, key]) =>
    runs.some(({ summary }) => key in summary.validation),
  );
  return Object.fromEntries(
    measured.map(([name, key]) => [name, ({ summary }: Run) => summary.validation[key]]),
  );
}

/** Runs that differ in nothing but the seed. */
export interface RunGroup {
  /** The settings in which the groups differ. */
  settings: Partial<Configuration>;
  /** Each run once, in the order given. */
  runs: Run[];
}

/** Runs with equal settings, the seed aside, in the order in which they first occur. */
export function groupRuns(runs: readonly Run[]): RunGroup[] {
  const factors = differingSettings(runs.map(({ config }) => config)).filter(
    (setting) => setting !== 'seed',
  );
  const groups = new Map<string, RunGroup>();
  for (const run of runs) {
    const settings = Object.fromEntries(factors.map((setting) => [setting, run.config[setting]]));
    const key = JSON.stringify(factors.map((setting) => run.config[setting] ?? null));
    const group: RunGroup = groups.get(key) ?? { settings, runs: [] };
    groups.set(key, group);
    // A sweep may hold a run twice.
    if (group.runs.every(({ id }) => id !== run.id)) group.runs.push(run);
  }
  return [...groups.values()];
}

/**
 * Runs side by side, for one's own analysis: a row for each run in the order given, with the settings
 * in which they differ, the metrics (NaN where a run has none), `run` (its id), `status` and `error`.
 *
 * @param metrics default: what `validationMetrics` gives
 */
export function compareRuns(
  runs: readonly Run[],
  metrics: RunMetrics = validationMetrics(runs),
): DataFrame {
  const settings = differingSettings(runs.map(({ config }) => config));
  const columns: Record<string, unknown[]> = {
    ...Object.fromEntries(
      settings.map((setting) => [setting, ofOneType(runs.map(({ config }) => config[setting]))]),
    ),
    ...Object.fromEntries(
      Object.entries(metrics).map(([name, measure]) => [
        name,
        runs.map((run) => measure(run) ?? NaN),
      ]),
    ),
    run: runs.map(({ id }) => id),
    status: runs.map(({ status }) => status),
    error: runs.map(({ error = '' }) => error),
  };
  // Loaded at its first use: it takes a second, and few programs ask for it.
  const danfo = createRequire(__filename)('danfojs-node') as typeof import('danfojs-node');
  return new danfo.DataFrame(columns);
}

/** A column of a data frame has one type: numbers, with NaN for what is not set, or else texts. */
function ofOneType(values: unknown[]): unknown[] {
  const set = values.filter((value) => value !== undefined);
  return set.every((value) => typeof value === 'number')
    ? values.map((value) => value ?? NaN)
    : values.map((value) => String(value ?? 'all'));
}
