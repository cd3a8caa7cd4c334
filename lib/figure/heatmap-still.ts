import { frameSvg, padding } from './frame';
import { lineHeight, type HeatmapLayout } from './heatmap-layout';
import { ink, sequentialColor } from './palette';
import { svgToPng } from './still';
import { decimal, svgText } from './svg';
import { textSize } from './text';

/** The still form of a heatmap: a PNG. */
export function drawHeatmap(layout: HeatmapLayout): Uint8Array {
  const { options, frame: f, domain, rowNames, columnNames, cell, left, top, slanted } = layout;
  const { values, rowLabel = '', columnLabel = '' } = options;
  const [rows, columns] = values.shape;
  const below = top + rows * cell.height;
  const small = { size: textSize.small };
  const parts = [
    svgText(padding, top - 8, rowLabel, { ...small, color: ink.muted }),
    svgText(left + (columns * cell.width) / 2, below + layout.bottom - 6, columnLabel, {
      ...small,
      color: ink.muted,
      anchor: 'middle',
    }),
  ];
  rowNames.forEach((name, i) => {
    const y = top + (i + 0.5) * cell.height + 4;
    parts.push(svgText(left - 6, y, name, { ...small, anchor: 'end' }));
  });
  columnNames.forEach((name, j) => {
    const x = left + (j + 0.5) * cell.width;
    const turn = slanted ? `rotate(-45 ${decimal(x)} ${decimal(below + 10)})` : '';
    const word = svgText(x, below + 14, name, { ...small, anchor: slanted ? 'end' : 'middle' });
    parts.push(`<g transform="${turn}">${word}</g>`);
  });
  values.data.forEach((value, k) => {
    const x = left + (k % columns) * cell.width;
    const y = top + Math.floor(k / columns) * cell.height;
    const t = (value - domain[0]) / (domain[1] - domain[0]);
    const fill = Number.isFinite(t) ? `rgb(${sequentialColor(t).join(',')})` : ink.ground;
    const size = `width="${decimal(cell.width - 1)}" height="${decimal(cell.height - 1)}"`;
    parts.push(`<rect x="${decimal(x)}" y="${decimal(y)}" ${size} fill="${fill}"/>`);
    const lines = layout.texts[k];
    const baseline = y + cell.height / 2 + 3.5 - ((lines.length - 1) / 2) * lineHeight;
    lines.forEach((line, i) => {
      const style = {
        ...small,
        anchor: 'middle',
        color: t > 0.55 ? ink.ground : ink.text,
      } as const;
      parts.push(svgText(x + cell.width / 2 - 0.5, baseline + i * lineHeight, line, style));
    });
  });
  return svgToPng(frameSvg(f, parts.join('')));
}
