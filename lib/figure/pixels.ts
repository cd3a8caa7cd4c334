import { fastPng } from './packages';

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

/** Decodes a still (an opaque PNG with two pixels for each CSS pixel). */
export function readPixels(png: Uint8Array): Pixels {
  const { width, height, data, channels } = fastPng.decode(png);
  const colorAt = (column: number, row: number): string => {
    const start = (row * width + column) * channels;
    const hex = Array.from(data.slice(start, start + 3), (c) => c.toString(16).padStart(2, '0'));
    return `#${hex.join('')}`;
  };
  return {
    width,
    height,
    at: (x, y) => colorAt(Math.round(2 * x), Math.round(2 * y)),
    count(color, rectangle = { x: 0, y: 0, width: width / 2, height: height / 2 }) {
      let count = 0;
      for (let j = 0; j < 2 * rectangle.height; j++) {
        for (let i = 0; i < 2 * rectangle.width; i++) {
          const same = colorAt(Math.round(2 * rectangle.x) + i, Math.round(2 * rectangle.y) + j);
          if (same === color) count++;
        }
      }
      return count;
    },
  };
}
