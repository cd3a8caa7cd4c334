import { describe, expect, it } from 'vitest';
import { randomInteger, seededRandom } from '../data/random';
import { indexedPng, type Color } from './indexed-png';
import { fastPng } from './packages';

/** Red, green and blue of all pixels of a PNG, by another program's decoder. */
function colorsOf(png: Uint8Array): number[] {
  return Array.from(fastPng.convertIndexedToRgb(fastPng.decode(png)));
}

describe('indexedPng', () => {
  it.each([
    { colors: 1, height: 1, width: 1 },
    { colors: 16, height: 5, width: 7 },
    { colors: 17, height: 5, width: 7 },
    { colors: 256, height: 33, width: 64 },
  ])('of $height x $width pixels in $colors colours is read back', ({ colors, height, width }) => {
    const random = seededRandom(colors);
    const byte = () => randomInteger(random, 256);
    const palette = Array.from({ length: colors }, (): Color => [byte(), byte(), byte()]);
    const pixels = Uint8Array.from({ length: height * width }, () => randomInteger(random, colors));
    const png = indexedPng(pixels, height, width, palette);
    expect(colorsOf(png)).toEqual(Array.from(pixels).flatMap((index) => palette[index]));
  });

  it('refuses other sizes and too many colours', () => {
    const black: Color = [0, 0, 0];
    expect(() => indexedPng(new Uint8Array(5), 2, 3, [black])).toThrow(
      'indexedPng: pixels must be 2 x 3 = 6, got 5',
    );
    expect(() => indexedPng(new Uint8Array(6), 2, 3, [])).toThrow('1 to 256 colours, got 0');
    const many = Array.from({ length: 257 }, () => black);
    expect(() => indexedPng(new Uint8Array(6), 2, 3, many)).toThrow('1 to 256 colours, got 257');
  });
});
