import type { Figure } from '../figure/figure';
import { fastPng } from '../figure/packages';
import { channels, classColors, ink } from '../figure/palette';
import { indexedPng, type Color } from '../figure/indexed-png';

/** A colour on white as dots let it through, between one dot and many. */
function onGround(color: string): Color {
  const [red, green, blue] = channels(color).map((c) => Math.round(0.85 * c + 0.15 * 255));
  return [red, green, blue];
}

/** What a scatter is drawn in: its ground, its text, and its classes. */
const PALETTE: readonly Color[] = [
  ...[ink.ground, ink.text, ink.muted].map(channels),
  ...classColors.map(onGround),
];

/**
 * The still of a scatter in 13 colours, half its size: for those who see no more of an
 * explorer because their page runs no scripts.
 */
export function preview(scatter: Figure): Uint8Array {
  const still = fastPng.decode(scatter.png());
  const { width, height } = still;
  const data = fastPng.convertIndexedToRgb(still);
  const nearest = new Map<number, number>();
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const [red, green, blue] = data.subarray(3 * i, 3 * i + 3);
    const key = (red << 16) | (green << 8) | blue;
    let place = nearest.get(key);
    if (place === undefined) nearest.set(key, (place = nearestColor([red, green, blue])));
    pixels[i] = place;
  }
  return indexedPng(pixels, height, width, PALETTE);
}

/** The place in the palette of the colour that is most like `color`. */
function nearestColor(color: Color): number {
  const distances = PALETTE.map((other) =>
    other.reduce((sum, c, channel) => sum + (c - color[channel]) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}
