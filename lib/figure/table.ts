import type { Figure } from './figure';
import { tableHtml } from './table-html';
import { SORT_ELEMENT } from './table-sort';
import { drawTable } from './table-still';
import { tableText, type TableOptions, type TableText } from './table-text';

export type { TableColumn, TableOptions, TableValue } from './table-text';

/**
 * A table, such as published results against ours. The interactive form is plain HTML that takes
 * its colours from where it stands, light or dark; with `sortBy` it has a script that sorts it by a
 * click on the head of a column.
 *
 * @throws RangeError when a row is not as long as `columns` or there is no column
 */
export function table(options: TableOptions): Figure {
  const text = tableText(options);
  const still = drawTable(text);
  const html = tableHtml(text);
  return {
    alt: describe(text),
    width: still.width,
    height: still.height,
    interactive: text.sortable ? { html, scriptedHtml: html + SORT_ELEMENT } : { html },
    png: still.png,
  };
}

function describe({ title, columns, rows }: TableText): string {
  const names = columns.map(({ name }) => name).filter(Boolean);
  return `${title || 'Table'}: ${rows.length} rows of ${names.join(', ')}.`;
}
