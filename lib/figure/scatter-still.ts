import { frameSvg } from './frame';
import { ink } from './palette';
import { CAPTION_LINE, type ScatterLayout, type TitledPanel } from './scatter-layout';
import { svgToPng } from './still';
import { decimal, svgText } from './svg';
import { textSize } from './text';

/** The still form of scatters: a PNG. */
export function drawScatter({ frame, panels, framed }: ScatterLayout): Uint8Array {
  return svgToPng(frameSvg(frame, panels.map((panel) => drawPanel(panel, framed)).join('')));
}

function drawPanel(panel: TitledPanel, framed: boolean): string {
  const { title, captionLines, points, classes, labels, labelSize, xDomain, yDomain } = panel;
  const { left, top, width, height } = panel.box;
  const scale = width / (xDomain[1] - xDomain[0]);
  const toX = (x: number): number => left + (x - xDomain[0]) * scale;
  const toY = (y: number): number => top + height - (y - yDomain[0]) * scale;
  const bottom = top + height;

  const outline =
    `<rect x="${decimal(left)}" y="${decimal(top)}" width="${decimal(width)}" ` +
    `height="${decimal(height)}" fill="none" stroke="${ink.grid}"/>`;
  const dots = classes.map(({ color, indices }) => {
    const circles = indices.map((i) => {
      const cx = decimal(toX(points.data[2 * i]));
      const cy = decimal(toY(points.data[2 * i + 1]));
      return `<circle cx="${cx}" cy="${cy}" r="${decimal(panel.radius)}"/>`;
    });
    return `<g fill="${color}" fill-opacity="0.75">${circles.join('')}</g>`;
  });
  const bold = { size: labelSize, weight: 'bold', anchor: 'middle', halo: true } as const;
  const small = { size: textSize.small, color: ink.muted };
  return [
    framed ? outline : '',
    ...dots,
    ...labels.map(({ name, x, y }) => svgText(toX(x), toY(y) + 4, name, bold)),
    svgText(left, top - 7, title, { weight: 'bold' }),
    ...captionLines.map((line, i) => svgText(left, bottom + 15 + i * CAPTION_LINE, line, small)),
  ].join('');
}
