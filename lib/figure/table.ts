import { escapeMarkup } from './escape';
import type { Figure } from './figure';
import { formatNumber } from './format';
import { inlineStyle } from './html';
import { drawTable } from './table-still';
import { textSize } from './text';

/** What a cell holds; null and NaN are missing and shown as an en dash. */
export type TableValue = string | number | null;

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

/**
 * A table, such as published results against ours. The interactive form is plain HTML that takes
 * its colours from where it stands, light or dark.
 *
 * @throws RangeError when a row is not as long as `columns` or there is no column
 */
export function table(options: TableOptions): Figure {
  const text = tableText(options);
  const still = drawTable(text);
  return {
    alt: describe(text),
    width: still.width,
    height: still.height,
    interactive: { html: tableHtml(text) },
    png: still.png,
  };
}

function tableText({ title = '', caption = '', columns, rows, mark }: TableOptions): TableText {
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
  if (value === null || Number.isNaN(value)) return '–';
  if (format) return format(value);
  return typeof value === 'number' ? formatNumber(value, digits) : value;
}

function describe({ title, columns, rows }: TableText): string {
  const names = columns.map(({ name }) => name).filter(Boolean);
  return `${title || 'Table'}: ${rows.length} rows of ${names.join(', ')}.`;
}

const line = 'rgba(128,128,128,0.35)';
const heavyLine = 'rgba(128,128,128,0.9)';

function tableHtml({ title, caption, columns, rows }: TableText): string {
  const head = columns.map(
    ({ name, align }) =>
      `<th scope="col" style="${cellStyle(align, heavyLine, true)}">${escapeMarkup(name)}</th>`,
  );
  const body = rows.map((cells, i) => {
    const rule = i === rows.length - 1 ? heavyLine : line;
    const tds = cells.map(({ text, bold }, j) => {
      const style = cellStyle(columns[j].align, rule, bold);
      return j === 0
        ? `<th scope="row" style="${style}">${escapeMarkup(text)}</th>`
        : `<td style="${style}">${escapeMarkup(text)}</td>`;
    });
    return `<tr style="background:none">${tds.join('')}</tr>`;
  });
  const tableStyle = inlineStyle({
    'border-collapse': 'collapse',
    'border-top': `1.5px solid ${heavyLine}`,
    margin: '0',
    color: 'inherit',
    font: `${textSize.body}px/1.35 system-ui,sans-serif`,
    'font-variant-numeric': 'tabular-nums',
  });
  const titleStyle = `font-size:${textSize.title}px;font-weight:bold;margin:0 0 8px`;
  const captionStyle = `font-size:${textSize.small}px;opacity:0.75;margin:8px 0 0;max-width:60em`;
  return (
    `<figure style="margin:0;font-family:system-ui,sans-serif;overflow-x:auto">` +
    (title ? `<div style="${titleStyle}">${escapeMarkup(title)}</div>` : '') +
    `<table style="${tableStyle}"><thead><tr style="background:none">${head.join('')}</tr></thead>` +
    `<tbody>${body.join('')}</tbody></table>` +
    (caption ? `<figcaption style="${captionStyle}">${escapeMarkup(caption)}</figcaption>` : '') +
    `</figure>`
  );
}

function cellStyle(align: 'left' | 'right', rule: string, bold: boolean): string {
  return inlineStyle({
    'text-align': align,
    'vertical-align': 'top',
    'font-weight': bold ? 'bold' : 'normal',
    padding: '5px 12px',
    border: 'none',
    'border-bottom': `1px solid ${rule}`,
    'max-width': '24em',
  });
}
