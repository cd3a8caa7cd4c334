import { escapeMarkup } from './escape';
import { ink } from './palette';
import { stillFont, textSize, type Weight } from './text';

/** How a piece of text is set. */
export interface TextStyle {
  /** Font size in CSS pixels; default 12. */
  size?: number;
  /** Default 'normal'. */
  weight?: Weight;
  /** Default: the colour of text. */
  color?: string;
  /** The end of the text that stands at x; default 'start'. */
  anchor?: 'start' | 'middle' | 'end';
  /** Whether a white outline keeps the text readable on top of points and lines; default false. */
  halo?: boolean;
}

/** An SVG text element with its baseline starting at (x, y); `text` is plain and gets escaped. */
export function svgText(x: number, y: number, text: string, style: TextStyle = {}): string {
  const { size = textSize.body, weight = 'normal', color = ink.text, anchor = 'start' } = style;
  const halo = style.halo
    ? ` stroke="${ink.ground}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"`
    : '';
  return (
    `<text x="${decimal(x)}" y="${decimal(y)}" font-size="${size}" font-weight="${weight}" ` +
    `fill="${color}" text-anchor="${anchor}"${halo}>${escapeMarkup(text)}</text>`
  );
}

/** A complete SVG document of `width` x `height` CSS pixels on a white ground. */
export function svgDocument(width: number, height: number, body: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `xml:space="preserve" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${stillFont.defaultFontFamily}">` +
    `<rect width="100%" height="100%" fill="${ink.ground}"/>${body}</svg>`
  );
}

/** A coordinate with at most two decimals. */
export function decimal(value: number): string {
  return String(Math.round(value * 100) / 100);
}
