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
}

/** A table whose cells are text, as both forms show it. */
export interface TableText {
  title: string;
  caption: string;
  columns: { name: string; align: 'left' | 'right' }[];
  rows: { text: string; bold: boolean }[][];
}

/** Turns all values into text, and says which columns stand right. */
export function tableText({
  title = '',
  caption = '',
  columns,
  rows,
  mark,
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
      })),
    ),
  };
}

function cellText(value: TableValue, { format, digits }: TableColumn): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (format) return format(value);
  return typeof value === 'number' ? formatNumber(value, digits) : value;
}
