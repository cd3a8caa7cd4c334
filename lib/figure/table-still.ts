import { frame, frameSvg, padding } from './frame';
import { ink } from './palette';
import { svgToPng } from './still';
import { decimal, svgText } from './svg';
import type { TableText } from './table-text';
import { textSize, textWidth, wrapText, type Weight } from './text';

const lineHeight = 16;
const cellPadding = 12;
const widestCell = 300;

/** A cell's text, broken into lines. */
interface Cell {
  lines: string[];
  weight: Weight;
}

/** The still form of a table: its size in CSS pixels and how to draw it. */
export function drawTable(text: TableText): {
  width: number;
  height: number;
  png: () => Uint8Array;
} {
  const header = text.columns.map(({ name }) => cell(name, true));
  const rows = [header, ...text.rows.map((row) => row.map((c) => cell(c.text, c.bold)))];
  const widths = header.map((_, j) => Math.max(...rows.map((row) => cellWidth(row[j]))));
  const heights = rows.map((row) => rowHeight(row));
  const tableWidth = widths.reduce((sum, width) => sum + width, 0);
  const f = frame({
    title: text.title,
    caption: text.caption,
    width: Math.ceil(Math.max(320, tableWidth + 2 * padding)),
    height: { plot: heights.reduce((sum, height) => sum + height, 4) },
  });
  return { width: f.width, height: f.height, png: () => svgToPng(frameSvg(f, body())) };

  function body(): string {
    const left = f.plot.left;
    let top = f.plot.top + 2;
    const parts = [rule(left, top, tableWidth, ink.text)];
    rows.forEach((row, i) => {
      let x = left;
      row.forEach((c, j) => {
        parts.push(cellSvg(c, x, top, widths[j], text.columns[j].align));
        x += widths[j];
      });
      top += heights[i];
      const strong = i === 0 || i === rows.length - 1;
      parts.push(rule(left, top, tableWidth, strong ? ink.text : ink.grid));
    });
    return parts.join('');
  }
}

function cell(text: string, bold: boolean): Cell {
  const weight = bold ? 'bold' : 'normal';
  return { lines: wrapText(text, textSize.body, widestCell, weight), weight };
}

function cellWidth({ lines, weight }: Cell): number {
  const widest = Math.max(...lines.map((line) => textWidth(line, textSize.body, weight)));
  return widest + 2 * cellPadding;
}

function rowHeight(row: Cell[]): number {
  return Math.max(...row.map(({ lines }) => lines.length)) * lineHeight + 10;
}

function cellSvg(
  { lines, weight }: Cell,
  left: number,
  top: number,
  width: number,
  align: 'left' | 'right',
): string {
  const x = align === 'left' ? left + cellPadding : left + width - cellPadding;
  const anchor = align === 'left' ? 'start' : 'end';
  return lines
    .map((line, i) => svgText(x, top + 17 + i * lineHeight, line, { weight, anchor }))
    .join('');
}

function rule(x: number, y: number, width: number, color: string): string {
  return `<path d="M${decimal(x)} ${decimal(y)}h${decimal(width)}" stroke="${color}" stroke-width="1"/>`;
}
