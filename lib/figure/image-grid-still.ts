import { frameSvg } from './frame';
import type { Grid } from './image-grid-layout';
import { svgToPng } from './still';
import { decimal, svgText } from './svg';
import { textSize } from './text';

/** The still form of an image grid: a PNG. */
export function drawGrid({
  frame: f,
  sprite,
  width,
  height,
  cells,
  cellWidth,
  cellHeight,
}: Grid): Uint8Array {
  const { left, top } = f.plot;
  const picture =
    `<image x="${left}" y="${decimal(top)}" width="${width}" height="${height}" ` +
    `image-rendering="optimizeSpeed" preserveAspectRatio="none" xlink:href="${sprite}"/>`;
  const marks = cells.map(({ x, y, caption, frame: color }) => {
    const outline = color
      ? `<rect x="${left + x - 1}" y="${decimal(top + y - 1)}" width="${cellWidth + 2}" ` +
        `height="${cellHeight + 2}" fill="none" stroke="${color}" stroke-width="2"/>`
      : '';
    const word = caption
      ? svgText(left + x + cellWidth / 2, top + y + cellHeight + 12, caption, {
          size: textSize.small,
          anchor: 'middle',
        })
      : '';
    return outline + word;
  });
  return svgToPng(frameSvg(f, picture + marks.join('')));
}
