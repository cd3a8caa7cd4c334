import { indexedPng, type Color } from '../figure/indexed-png';

/** The longest side of a sprite, in pixels; browsers refuse pictures much larger. */
const LONGEST_SIDE = 8192;

/** 16 greys, evenly from black to white. */
const GREYS = Array.from({ length: 16 }, (_, i): Color => [17 * i, 17 * i, 17 * i]);

/** Many images in one picture. */
export interface Sprite {
  /** A PNG of 16 greys: the images in rows from the upper left, without gaps. */
  png: Uint8Array;
  /** Images in a row. */
  columns: number;
}

/**
 * Puts images into one picture, about as wide as high.
 *
 * @param images [n, height, width], n >= 1: grey values, 0 is black
 * @throws RangeError when the picture would be larger than browsers draw
 */
export function sprite(images: Uint8Array, height: number, width: number): Sprite {
  const size = height * width;
  const count = images.length / size;
  const columns = Math.ceil(Math.sqrt((count * height) / width));
  const rows = Math.ceil(count / columns);
  const [across, down] = [columns * width, rows * height];
  if (Math.max(across, down) > LONGEST_SIDE) {
    throw new RangeError(
      `sprite: ${count} images of ${height} x ${width} pixels make a picture of ` +
        `${down} x ${across}, at most ${LONGEST_SIDE} x ${LONGEST_SIDE} is allowed`,
    );
  }
  const pixels = new Uint8Array(down * across);
  for (let i = 0; i < count; i++) {
    const corner = Math.floor(i / columns) * height * across + (i % columns) * width;
    for (let y = 0; y < height; y++) {
      const line = images.subarray(i * size + y * width, i * size + (y + 1) * width);
      pixels.set(
        line.map((value) => Math.round(value / 17)),
        corner + y * across,
      );
    }
  }
  return { png: indexedPng(pixels, down, across, GREYS), columns };
}
