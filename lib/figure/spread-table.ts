import type { Figure } from './figure';
import { bestOf, spreadExplanation, spreadOf, spreadTexts, type Best } from './spread';
import { table } from './table';

/** What was measured once, such as with one seed: numbers by name. */
export type Measurements = Readonly<Record<string, number>>;

/** What `spreadTable` shows. */
export interface SpreadTableOptions {
  /** Stands above the table; '' for none. */
  title: string;
  /**
   * What is compared, by name: a list of measurements each, one for every repetition. The names that
   * were measured become the rows; where one was not measured, or is NaN, stands an en dash.
   */
  columns: Readonly<Record<string, readonly Measurements[]>>;
  /** Which mean of a row is set in bold, by the row's name; default 'highest'. */
  best?: Readonly<Record<string, Best>>;
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
  const spreads = rows.map((row) =>
    samples.map((list) => spreadOf(list.map((measured) => measured[row] ?? NaN))),
  );
  const bests = rows.map((row, i) => bestOf(spreads[i], best[row] ?? 'highest'));
  const explanation = spreadExplanation(spreads.flat(), 'repetitions');
  return table({
    title,
    columns: [{ name: '' }, ...names.map((name) => ({ name, align: 'right' as const }))],
    rows: rows.map((row, i) => [row, ...spreadTexts(spreads[i], digits)]),
    caption: [caption, explanation, 'Bold: the best of a row.'].filter(Boolean).join(' '),
    mark: (row, column) => column > 0 && spreads[row][column - 1].mean === bests[row],
  });
}
