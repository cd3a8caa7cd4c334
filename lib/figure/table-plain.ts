import { terminalText } from '../data/terminal-text';
import { tableText, type TableOptions } from './table-text';

/** A table as lines of text for a terminal; the best is marked by a star in place of bold. */
export function plainTable(options: TableOptions): string {
  const { title, caption, columns, rows } = tableText(options);
  const cells = rows.map((row) => row.map(({ text, bold }) => (bold ? `*${text}` : text)));
  const lines = [columns.map(({ name }) => name), ...cells].map((row) => row.map(inOneLine));
  const widths = columns.map((_, j) => Math.max(...lines.map((line) => line[j].length)));
  const body = lines.map((line) =>
    line
      .map((text, j) =>
        columns[j].align === 'right' ? text.padStart(widths[j]) : text.padEnd(widths[j]),
      )
      .join('  ')
      .trimEnd(),
  );
  return [terminalText(title), ...body, terminalText(caption)].filter(Boolean).join('\n');
}

function inOneLine(text: string): string {
  return terminalText(text).replace(/\n/g, '\\n');
}
