import { frameSvg } from './frame';
import type { ScatterLayout } from './scatter-layout';
import { svgToPng } from './still';
import { decimal, svgText } from './svg';

/** The still form of a scatter: a PNG. */
export function drawScatter(layout: ScatterLayout): Uint8Array {
  const { frame, points, classes, labels, xDomain, yDomain, radius } = layout;
  const { left, top, width, height } = frame.plot;
  const scale = width / (xDomain[1] - xDomain[0]);
  const toX = (x: number): number => left + (x - xDomain[0]) * scale;
  const toY = (y: number): number => top + height - (y - yDomain[0]) * scale;

  const dots = classes.map(({ color, indices }) => {
    const circles = indices.map((i) => {
      const cx = decimal(toX(points.data[2 * i]));
      const cy = decimal(toY(points.data[2 * i + 1]));
      return `<circle cx="${cx}" cy="${cy}" r="${radius}"/>`;
    });
    return `<g fill="${color}" fill-opacity="0.75">${circles.join('')}</g>`;
  });
  const names = labels.map(({ name, x, y }) =>
    svgText(toX(x), toY(y) + 4, name, { weight: 'bold', anchor: 'middle', halo: true }),
  );
  return svgToPng(frameSvg(frame, dots.join('') + names.join('')));
}
