import { isError, type ExplorerData } from './data';
import {
  blend,
  disc,
  offsetsIn,
  pixelColor,
  ring,
  sheetOf,
  type Sheet,
  type Stamp,
} from './stamps';
import { isShown, type State } from './state';
import type { Theme } from './theme';
import { pixelsPerUnit, toPlot, type Size, type View } from './view';

/** What a frame of the plot is drawn from. */
export interface Scene {
  data: ExplorerData;
  state: Readonly<State>;
  /** [count, 2]: where the points are now. */
  positions: Float32Array;
  view: View;
  size: Size;
  theme: Theme;
  /** Pixels of the canvas for each CSS pixel. */
  density: number;
}

/** How much of what lies below it a dot covers. */
const OPACITY = 0.8;

/** The ring round an error, in CSS pixels. */
const RING = { distance: 1.25, width: 1.25 };

/** Errors alone are drawn so much larger: there are few. */
const ERRORS_ALONE = 1.4;

/** The radius of a point in CSS pixels: fewer points are larger, and so are those seen closer. */
export function dotRadius({ data, view, state }: Scene): number {
  const crowd = Math.min(4, Math.max(1.7, 6 - Math.log10(data.count)));
  const close = Math.min(2.2, Math.max(1, view.zoom ** 0.35));
  return crowd * close * (state.errorsOnly ? ERRORS_ALONE : 1);
}

/**
 * Draws the ground and all points: first, faintly, those that the filters hold back, then the others,
 * in their order, so that no class lies on top. The pixels are computed here: a canvas takes many
 * times as long to draw 10,000 circles, or to copy as many pictures of one.
 *
 * @param last the sheet of the last frame, to be used again
 */
export function drawDots(context: CanvasRenderingContext2D, scene: Scene, last?: Sheet): Sheet {
  const { data, state, theme, density } = scene;
  const radius = dotRadius(scene) * density;
  const dot = disc(radius, OPACITY);
  const circle = ring(radius + RING.distance * density, RING.width * density);
  const { width, height } = context.canvas;
  const sheet = sheetOf(width, height, 2 * circle.reach, theme.ground, last);
  const shown = Uint8Array.from({ length: data.count }, (_, i) => Number(isShown(data, state, i)));
  const colors = data.classNames.map((_, label) => pixelColor(theme.classColor(label)));

  const faint = pixelColor(theme.faint);
  const small = state.errorsOnly ? radius / ERRORS_ALONE : radius;
  drawStamps(scene, sheet, disc(small, 1), (i) => (shown[i] ? -1 : faint));
  drawStamps(scene, sheet, dot, (i) => (shown[i] ? colors[data.labels[i]] : -1));
  if (state.errorsOnly) {
    // The class that an error is taken for.
    const taken = (i: number): number => (isError(data, i) ? colors[data.predictions[i]] : -1);
    drawStamps(scene, sheet, circle, (i) => (shown[i] ? taken(i) : -1));
  }
  context.putImageData(sheet.image, -sheet.border, -sheet.border);
  return sheet;
}

/** Draws a stamp for each point, in the colour that `colorOf` gives it; -1 for none. */
function drawStamps(
  { data, positions, view, size, density }: Scene,
  sheet: Sheet,
  stamp: Stamp,
  colorOf: (i: number) => number,
): void {
  const { pixels, border, image } = sheet;
  const offsets = offsetsIn(sheet, stamp);
  const scale = pixelsPerUnit(view, size) * density;
  const [left, top] = toPlot(view, size, 0, 0).map((place) => place * density + border);
  const { reach, shares } = stamp;
  for (let i = 0; i < data.count; i++) {
    const x = Math.round(positions[2 * i] * scale + left);
    const y = Math.round(positions[2 * i + 1] * scale + top);
    const isInside =
      x >= reach && y >= reach && x < image.width - reach && y < image.height - reach;
    if (!isInside) continue;
    const color = colorOf(i);
    if (color !== -1) blend(pixels, y * image.width + x, offsets, shares, color);
  }
}
