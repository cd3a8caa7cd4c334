import {
  groupRuns,
  validationMetrics,
  type RunGroup,
  type RunMetrics,
} from '../experiment/compare-runs';
import type { Configuration } from '../experiment/configuration';
import type { Run } from '../experiment/run';
import type { Figure } from './figure';
import { bestOf, spreadExplanation, spreadOf, spreadTexts, type Best } from './spread';
import { table, type TableOptions, type TableValue } from './table';
import { formatTick } from './ticks';

/** Options of `comparisonTable`. */
export interface ComparisonTableOptions {
  /** Stands above the table; '' for none. */
  title: string;
  /** The columns of figures. Default: validation loss, fraction positive or accuracy, precision@1. */
  metrics?: RunMetrics;
  /** Which mean of a column is set in bold. Default: 'lowest' of a loss, 'none' of a fraction, else 'highest'. */
  best?: Readonly<Record<string, Best>>;
  /** Significant digits of a column's largest mean, and at most as many decimals; default 4. */
  digits?: number;
  /** Stands before the sentence that explains the figures; default none. */
  caption?: string;
}

/**
 * Runs under one another: the settings in which they differ, then what they came to, as mean ± sample
 * standard deviation over those that differ in nothing but the seed. The best mean of a column is
 * bold; a run that failed says why in its row. In the page, a click on the head of a column sorts by it.
 *
 * @throws RangeError when `best` names no column
 */
export function comparisonTable(runs: readonly Run[], options: ComparisonTableOptions): Figure {
  return table(comparison(runs, options));
}

/** What `comparisonTable` shows, for other forms of a table. */
export function comparison(
  runs: readonly Run[],
  {
    title,
    metrics = validationMetrics(runs),
    best = {},
    digits = 4,
    caption,
  }: ComparisonTableOptions,
): TableOptions {
  const groups = groupRuns(runs);
  const names = Object.keys(metrics);
  for (const name of Object.keys(best)) {
    if (names.includes(name)) continue;
    throw new RangeError(
      `comparisonTable: best must name metrics (${names.join(', ')}), got '${name}'`,
    );
  }
  const spreads = names.map((name) => groups.map(({ runs }) => spreadOfRuns(runs, metrics[name])));
  const bests = names.map((name, j) => bestOf(spreads[j], best[name] ?? bestByName(name)));
  const texts = spreads.map((column) => spreadTexts(column, digits));
  const settings = Object.keys(groups[0]?.settings ?? {}) as (keyof Configuration)[];
  const failures = groups.map(({ runs }) => failuresOf(runs));
  const hasFailures = failures.some(Boolean);
  const before = Math.max(1, settings.length);
  const leading = groups.map((group) =>
    settings.length > 0 ? settings.map((name) => cell(group, name)) : [group.runs[0].id],
  );
  const explanation = spreadExplanation(spreads.flat(), 'seeds');
  return {
    title,
    columns: [
      ...(settings.length > 0
        ? settings.map((name) => ({ name, format: settingText }))
        : [{ name: 'run' }]),
      ...names.map((name) => ({ name, align: 'right' as const })),
      ...(hasFailures ? [{ name: 'failed' }] : []),
    ],
    rows: groups.map((_, i) => [
      ...leading[i],
      ...texts.map((column) => column[i]),
      ...(hasFailures ? [failures[i]] : []),
    ]),
    caption: [caption, explanation, 'Bold: the best of a column.'].filter(Boolean).join(' '),
    mark: (row, column) => {
      const spread = spreads[column - before]?.[row];
      return spread !== undefined && spread.mean === bests[column - before];
    },
    sortBy: (row, column) =>
      leading[row][column] ?? spreads[column - before]?.[row].mean ?? failures[row],
  };
}

function spreadOfRuns(
  runs: readonly Run[],
  measure: (run: Run) => number | undefined,
): ReturnType<typeof spreadOf> {
  // What a diverging run had measured by then is no result.
  return spreadOf(
    runs.filter(({ status }) => status === 'finished').map((run) => measure(run) ?? NaN),
  );
}

function bestByName(name: string): Best {
  if (/\bloss\b/.test(name)) return 'lowest';
  return /\bfraction\b/.test(name) ? 'none' : 'highest';
}

function cell({ settings }: RunGroup, name: keyof Configuration): TableValue {
  const value = settings[name] ?? 'all';
  return typeof value === 'number' ? value : String(value);
}

/** A setting as one would write it, without zeros that only say how exact a figure is. */
function settingText(value: string | number): string {
  return typeof value === 'number' ? formatTick(value) : value;
}

/** Which seeds failed, and why. */
function failuresOf(runs: readonly Run[]): string | null {
  const failed = runs.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return null;
  const of = runs.length > 1 ? `${failed.length} of ${runs.length}: ` : '';
  return `${of}${[...new Set(failed.map(({ error }) => error))].join('; ')}`;
}
