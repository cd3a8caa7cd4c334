import type { TableText } from '../figure/table-text';

/**
 * A table in Markdown with its columns padded to equal width, so that it reads as well in a terminal.
 * Title and caption are left to the caller.
 */
export function markdownTable({ columns, rows }: TableText): string {
  const header = columns.map(({ name }) => escaped(name));
  const cells = rows.map((row) => row.map(({ text }) => escaped(text)));
  const widths = header.map((_, j) =>
    Math.max(3, ...[header, ...cells].map((row) => row[j].length)),
  );
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  const padded = (texts: readonly string[]): string =>
    line(
      texts.map((text, j) =>
        columns[j].align === 'right' ? text.padStart(widths[j]) : text.padEnd(widths[j]),
      ),
    );
  const rule = columns.map(({ align }, j) =>
    align === 'right' ? `${'-'.repeat(widths[j] - 1)}:` : '-'.repeat(widths[j]),
  );
  return [padded(header), line(rule), ...cells.map(padded)].join('\n');
}

/** What would end a cell, or the table. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
