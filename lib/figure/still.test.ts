import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../data/random';
import { fastPng } from './packages';
import { classColors } from './palette';
import { svgToPng } from './still';

const svg = (body: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200">` +
  `<rect width="300" height="200" fill="#ffffff"/>${body}</svg>`;

/** Red, green and blue of all pixels of an indexed PNG. */
function decoded(png: Uint8Array): number[] {
  return Array.from(fastPng.convertIndexedToRgb(fastPng.decode(png)));
}

/** The same of the picture in true colour. */
function rendered(document: string): number[] {
  const { pixels } = new Resvg(document, { fitTo: { mode: 'zoom', value: 2 } }).render();
  return Array.from(pixels).filter((_, i) => i % 4 !== 3);
}

describe('svgToPng', () => {
  it('draws two pixels for each CSS pixel', () => {
    expect(fastPng.decode(svgToPng(svg('')))).toMatchObject({
      width: 600,
      height: 400,
      channels: 1,
    });
  });

  it('keeps a few colours exactly', () => {
    const bars = classColors.map(
      (color, i) => `<rect x="${i * 20}" width="20" height="90" fill="${color}"/>`,
    );
    const picture = svg(bars.join(''));
    expect(Buffer.from(decoded(svgToPng(picture))).equals(Buffer.from(rendered(picture)))).toBe(
      true,
    );
  });

  it('is a few levels off where half-transparent dots of all classes lie over each other', () => {
    const random = seededRandom(1);
    const dots = Array.from({ length: 2_000 }, (_, i) => {
      const [x, y] = [random() * 300, random() * 200];
      return `<circle cx="${x}" cy="${y}" r="3" fill="${classColors[i % classColors.length]}" fill-opacity="0.75"/>`;
    });
    const picture = svg(dots.join(''));
    const [ours, exact] = [decoded(svgToPng(picture)), rendered(picture)];
    const squares = exact.reduce((sum, value, i) => sum + (value - ours[i]) ** 2, 0);
    expect(Math.sqrt(squares / exact.length)).toBeLessThan(8);
  });
});
