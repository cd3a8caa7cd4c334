import type { Figure } from './figure';
import { table, type TableValue } from './table';

/** What a column shows of each run, by the column's name; the first names the row. */
export type RunColumns<R> = Readonly<Record<string, (run: R) => TableValue>>;

/** Options of `runsTable`. */
export interface RunsTableOptions {
  /** Columns whose best number is set in bold, and which end of them is best; default none. */
  best?: Readonly<Record<string, 'highest' | 'lowest'>>;
  /** Small print under the table; default none. */
  caption?: string;
}

/**
 * Runs under one another, what they were and what they came to:
 *
 *     runsTable('Margins', runs, {
 *       margin: ({ config }) => config.margin,
 *       'precision@1': ({ summary }) => summary.validation.precisionAt1,
 *     }, { best: { 'precision@1': 'highest' } })
 *
 * @param runs in the order of the rows: runs, or anything else that is to be compared
 * @param columns what to show of each, in the order of the columns
 * @throws RangeError when there is no column, or `best` names none of them
 */
export function runsTable<R>(
  title: string,
  runs: readonly R[],
  columns: RunColumns<R>,
  { best = {}, caption }: RunsTableOptions = {},
): Figure {
  const names = Object.keys(columns);
  for (const name of Object.keys(best)) {
    if (!names.includes(name)) {
      throw new RangeError(
        `runsTable: best must name columns (${names.join(', ')}), got '${name}'`,
      );
    }
  }
  const rows = runs.map((run) => names.map((name) => columns[name](run)));
  const bests = names.map((name, j) => bestOf(best[name], rows, j));
  return table({
    title,
    columns: names.map((name) => ({ name })),
    rows,
    caption,
    mark: (row, column) => rows[row][column] === bests[column],
  });
}

/** The best number of a column; undefined where none is wanted or there is none. */
function bestOf(
  which: 'highest' | 'lowest' | undefined,
  rows: readonly (readonly TableValue[])[],
  column: number,
): number | undefined {
  const numbers = rows
    .map((row) => row[column])
    .filter((value): value is number => typeof value === 'number' && !Number.isNaN(value));
  if (which === undefined || numbers.length === 0) return undefined;
  return which === 'highest' ? Math.max(...numbers) : Math.min(...numbers);
}
