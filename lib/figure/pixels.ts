import { fastPng } from './packages';
import { channels as rgb } from './palette';

/** The pixels of a still, addressed in CSS pixels; tests look at pictures through this. */
export interface Pixels {
  /** Size of the PNG in its own pixels. */
  width: number;
  height: number;
  /** The colour ('#rrggbb') at a place given in CSS pixels from the upper left corner. */
  at(x: number, y: number): string;
  /** How many of the PNG's pixels within a rectangle (default: all) have exactly this colour. */
  count(color: string, rectangle?: { x: number; y: number; width: number; height: number }): number;
}

/** Decodes a still (a PNG of indexed colours with two pixels for each CSS pixel). */
export function readPixels(png: Uint8Array): Pixels {
  const picture = fastPng.decode(png);
  const { width, height } = picture;
  const data = fastPng.convertIndexedToRgb(picture);
  const start = (x: number, y: number): number =>
    (Math.round(2 * y) * width + Math.round(2 * x)) * 3;
  return {
    width,
    height,
    at(x, y) {
      const [red, green, blue] = data.subarray(start(x, y));
      return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
    },
    count(
      color,
      { x, y, width: w, height: h } = { x: 0, y: 0, width: width / 2, height: height / 2 },
    ) {
      const [red, green, blue] = rgb(color);
      let count = 0;
      for (let j = 0; j < 2 * h; j++) {
        for (let i = 0; i < 2 * w; i++) {
          const k = start(x + i / 2, y + j / 2);
          if (data[k] === red && data[k + 1] === green && data[k + 2] === blue) count++;
        }
      }
      return count;
    },
  };
}
