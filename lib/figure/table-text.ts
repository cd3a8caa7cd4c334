import { formatNumber } from './format';

/** What a cell holds; null, undefined and NaN are missing and shown as an en dash. */
export type TableValue = string | number | null | undefined;

/** One column of a table. */
export interface TableColumn {
  name: string;
  /** Default: 'right' for a column that holds a number, else 'left'. */
  align?: 'left' | 'right';
  /** Turns a value that is not missing into text; default: numbers with `digits`, text as it is. */
  format?: (value: string | number) => string;
  /** Significant digits of numbers that are not whole; default 4. */
  digits?: number;
}

/** Rows of values under named columns. */
export interface TableOptions {
  /** Default none. */
  title?: string;
  columns: readonly TableColumn[];
  /** Each as long as `columns`. */
  rows: readonly (readonly TableValue[])[];
  /** Small print under the table; default none. */
  caption?: string;
  /** Which cells are set in bold; default none. */
  mark?: (row: number, column: number) => boolean;
  /**
   * Makes the table sortable where scripts run, by a click on the head of a column; what a cell counts
   * as, a missing value as last. Default: not sortable.
   */
  sortBy?: (row: number, column: number) => TableValue;
}

/** A table whose cells are text, as both forms show it. */
export interface TableText {
  title: string;
  caption: string;
  columns: { name: string; align: 'left' | 'right' }[];
  /** `key`: what a cell counts as where the table is sorted; absent where it is last. */
  rows: { text: string; bold: boolean; key?: string }[][];
  sortable: boolean;
}

/** Turns all values into text, and says which columns stand right. */
export function tableText({
  title = '',
  caption = '',
  columns,
  rows,
  mark,
  sortBy,
}: TableOptions): TableText {
  if (columns.length === 0) throw new RangeError('table: columns must not be empty');
  rows.forEach((row, i) => {
    if (row.length !== columns.length) {
      throw new RangeError(
        `table: rows[${i}] must have ${columns.length} values, got ${row.length}`,
      );
    }
  });
  return {
    title,
    caption,
    columns: columns.map(({ name, align }, j) => {
      const numeric = rows.some((row) => typeof row[j] === 'number');
      return { name, align: align ?? (numeric ? 'right' : 'left') };
    }),
    rows: rows.map((row, i) =>
      row.map((value, j) => ({
        text: cellText(value, columns[j]),
        bold: mark?.(i, j) ?? false,
        key: keyText(sortBy?.(i, j)),
      })),
    ),
    sortable: sortBy !== undefined,
  };
}

function keyText(value: TableValue): string | undefined {
  return isMissing(value) ? undefined : String(value);
}

function isMissing(value: TableValue): value is null | undefined {
  return value === null || value === undefined || Number.isNaN(value);
}

function cellText(value: TableValue, { format, digits }: TableColumn): string {
  if (isMissing(value)) return '–';
  if (format) return format(value);
  return typeof value === 'number' ? formatNumber(value, digits) : value;
}
