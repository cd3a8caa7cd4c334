import { escapeMarkup } from './escape';
import { inlineStyle } from './html';
import type { TableText } from './table-text';
import { textSize } from './text';

const line = 'rgba(128,128,128,0.35)';
const heavyLine = 'rgba(128,128,128,0.9)';

/** The interactive form of a table: semantic HTML that takes its colours from where it stands. */
export function tableHtml({ title, caption, columns, rows, sortable }: TableText): string {
  const head = columns.map(
    ({ name, align }) =>
      `<th scope="col" style="${cellStyle(align, heavyLine, true)}">${escapeMarkup(name)}</th>`,
  );
  const body = rows.map((cells) => {
    const tds = cells.map(({ text, bold, key }, j) => {
      const style = cellStyle(columns[j].align, line, bold);
      const data = key === undefined ? '' : ` data-key="${escapeMarkup(key)}"`;
      return j === 0
        ? `<th scope="row" style="${style}"${data}>${escapeMarkup(text)}</th>`
        : `<td style="${style}"${data}>${escapeMarkup(text)}</td>`;
    });
    return `<tr style="background:none">${tds.join('')}</tr>`;
  });
  const tableStyle = inlineStyle({
    'border-collapse': 'collapse',
    'border-top': `1.5px solid ${heavyLine}`,
    // Wider than those of the cells, of which any may come to stand last.
    'border-bottom': `1.5px solid ${heavyLine}`,
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
    `<table style="${tableStyle}"${sortable ? ' data-sortable' : ''}><thead><tr style="background:none">${head.join('')}</tr></thead>` +
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
