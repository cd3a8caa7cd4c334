import type { DataFrame } from 'danfojs-node';
import type { Figure } from './figure';
import { table, type TableOptions, type TableValue } from './table';

/** Options of `frameTable`. */
export interface FrameTableOptions extends Pick<TableOptions, 'title' | 'caption' | 'mark'> {
  /** Significant digits of numbers that are not whole; default 4. */
  digits?: number;
}

/**
 * A data frame as a table, such as `compareRuns` returns and whatever danfojs makes of it: its columns
 * in their order, NaN and empty texts as missing. In the page, a click on the head of a column sorts
 * by it.
 *
 *     show(frameTable(compareRuns(runs).groupby(['margin']).col(['loss']).mean(), { title: 'Means' }));
 *
 * @throws RangeError when the data frame has no columns
 */
export function frameTable(frame: DataFrame, options: FrameTableOptions = {}): Figure {
  const { digits, ...rest } = options;
  const rows = (frame.values as unknown[][]).map((row) => row.map(valueOf));
  return table({
    ...rest,
    columns: frame.columns.map((name) => ({ name, digits })),
    rows,
    sortBy: (row, column) => rows[row][column],
  });
}

function valueOf(value: unknown): TableValue {
  if (typeof value === 'number') return value;
  return value === null || value === undefined || value === '' ? null : String(value);
}
