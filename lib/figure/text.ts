import { Resvg } from '@resvg/resvg-js';
import { dirname, join } from 'node:path';
import { escapeMarkup } from './escape';

const fontFolder = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');

/** The font of all stills. It ships with the package: none of the system's fonts is used. */
export const stillFont = {
  loadSystemFonts: false,
  fontFiles: ['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'].map((file) =>
    join(fontFolder, file),
  ),
  defaultFontFamily: 'DejaVu Sans Condensed',
};

/** The sizes of text, in CSS pixels. */
export const textSize = { title: 15, body: 12, small: 11 } as const;

export type Weight = 'normal' | 'bold';

const advances = new Map<string, number>();

/** The width of `text` in a still, in CSS pixels, kerning left out. */
export function textWidth(text: string, size: number, weight: Weight = 'normal'): number {
  let width = 0;
  for (const character of text) width += advance(character, weight);
  return width * size;
}

/** How far one character moves the pen, in units of the font size. */
function advance(character: string, weight: Weight): number {
  const key = weight + character;
  let known = advances.get(key);
  if (known === undefined) {
    // A bounding box holds ink only, so the character stands between two bars (a space has none).
    known = (inkWidth(`|${character}|`, weight) - inkWidth('||', weight)) / 100;
    advances.set(key, known);
  }
  return known;
}

function inkWidth(text: string, weight: Weight): number {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="9" height="9">` +
    `<text font-size="100" font-weight="${weight}">${escapeMarkup(printable(text))}</text></svg>`;
  return new Resvg(svg, { font: stillFont }).getBBox()!.width;
}

/** `text` with a replacement character for each that XML forbids, lone surrogates included. */
export function printable(text: string): string {
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}

/**
 * Breaks `text` between words into lines at most `width` CSS pixels wide, longer words excepted. A
 * no-break space keeps words together.
 */
export function wrapText(
  text: string,
  size: number,
  width: number,
  weight: Weight = 'normal',
): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(/[^\S\u00a0]+/)) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && textWidth(longer, size, weight) > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** `text`, cut and ended with an ellipsis where it is wider than `width` CSS pixels. */
export function shorten(text: string, size: number, width: number): string {
  const room = width - textWidth('…', size);
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += textWidth(character, size);
    if (used > room) return textWidth(text, size) <= width ? text : `${kept.trimEnd()}…`;
    kept += character;
  }
  return text;
}
