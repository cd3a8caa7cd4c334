import type { Figure } from './figure';
import { table } from './table';

/** What was measured once, such as with one seed: numbers by name. */
export type Measurements = Readonly<Record<string, number>>;

/** What `spreadTable` shows. */
export interface SpreadTableOptions {
  title: string;
  /**
   * What is compared, by name: a list of measurements each, one for every repetition. The names that
   * were measured become the rows; where one was not measured, or is NaN, stands an en dash.
   */
  columns: Readonly<Record<string, readonly Measurements[]>>;
  /** Which mean of a row is set in bold, by the row's name; default 'highest'. */
  best?: Readonly<Record<string, 'highest' | 'lowest' | 'none'>>;
  /** Significant digits of a row's largest mean, and at most as many decimals; default 4. */
  digits?: number;
  /** Stands before the sentence that explains the figures; default none. */
  caption?: string;
}

/**
 * What repeated measurements came to: mean ± sample standard deviation, the latter where there are
 * two or more. All figures of a row have the same number of decimals, and its best mean is bold.
 *
 * @throws RangeError when nothing is compared, or `best` names no row
 */
export function spreadTable(options: SpreadTableOptions): Figure {
  const { title, columns, best = {}, digits = 4, caption = '' } = options;
  const names = Object.keys(columns);
  const samples = Object.values(columns);
  if (names.length === 0) throw new RangeError('spreadTable: columns must not be empty');
  const rows = [...new Set(samples.flat().flatMap((measured) => Object.keys(measured)))];
  for (const name of Object.keys(best)) {
    if (!rows.includes(name)) {
      throw new RangeError(`spreadTable: best must name rows (${rows.join(', ')}), got '${name}'`);
    }
  }
  const spreads = rows.map((row) => samples.map((list) => spreadOf(list, row)));
  const bests = rows.map((row, i) => bestOf(spreads[i], best[row] ?? 'highest'));
  return table({
    title,
    columns: [{ name: '' }, ...names.map((name) => ({ name, align: 'right' as const }))],
    rows: rows.map((row, i) => {
      const decimals = decimalsOf(spreads[i], digits);
      return [row, ...spreads[i].map((spread) => textOf(spread, decimals))];
    }),
    caption: [caption, explanation(spreads.flat())].filter(Boolean).join(' '),
    mark: (row, column) => column > 0 && spreads[row][column - 1].mean === bests[row],
  });
}

/** Mean and sample standard deviation of `count` numbers; NaN where there are too few. */
interface Spread {
  mean: number;
  deviation: number;
  count: number;
}

function spreadOf(list: readonly Measurements[], name: string): Spread {
  const values = list.map((measured) => measured[name] ?? NaN).filter((v) => !Number.isNaN(v));
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN, count };
}

function bestOf(
  spreads: readonly Spread[],
  which: 'highest' | 'lowest' | 'none',
): number | undefined {
  const means = spreads.map(({ mean }) => mean).filter((mean) => !Number.isNaN(mean));
  if (which === 'none' || means.length < 2) return undefined;
  return which === 'highest' ? Math.max(...means) : Math.min(...means);
}

/** Decimals that leave the largest mean `digits` significant ones, and no more than `digits`. */
function decimalsOf(spreads: readonly Spread[], digits: number): number {
  const sizes = spreads.map(({ mean }) => Math.abs(mean)).filter((size) => size > 0);
  const place = sizes.length > 0 ? Math.floor(Math.log10(Math.max(...sizes))) : 0;
  return Math.min(digits, Math.max(0, digits - 1 - place));
}

function textOf({ mean, deviation }: Spread, decimals: number): string | null {
  if (Number.isNaN(mean)) return null;
  const text = withDecimals(mean, decimals);
  return Number.isNaN(deviation) ? text : `${text} ± ${withDecimals(deviation, decimals)}`;
}

function withDecimals(value: number, decimals: number): string {
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return value < 0 ? `−${text}` : text;
}

function explanation(spreads: readonly Spread[]): string {
  const counts = spreads.map(({ count }) => count).filter((count) => count > 1);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const repetitions = least === most ? most : `${least} to ${most}`;
  const spread =
    counts.length > 0 ? `Mean ± standard deviation of ${repetitions} repetitions. ` : '';
  return `${spread}Bold: the best of a row.`;
}
