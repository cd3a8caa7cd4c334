import type { Figure } from './figure';
import { tableHtml } from './table-html';
import { drawTable } from './table-still';
import { tableText, type TableOptions, type TableText } from './table-text';

export type { TableColumn, TableOptions, TableValue } from './table-text';

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

function describe({ title, columns, rows }: TableText): string {
  const names = columns.map(({ name }) => name).filter(Boolean);
  return `${title || 'Table'}: ${rows.length} rows of ${names.join(', ')}.`;
}
