import { Resvg } from '@resvg/resvg-js';
import { applyPalette, quantize } from 'gifenc';
import { indexedPng, MOST_COLORS } from './indexed-png';
import { blankDocument, Plot, type PlotOptions } from './packages';
import { printable, stillFont, textSize } from './text';

/** Pixels of a still for each CSS pixel, so that it is sharp on dense displays and in print. */
const pixelRatio = 2;

/**
 * Renders an opaque SVG document to a PNG with two pixels for each CSS pixel, in its 256 most fitting
 * colours: of true colour, a scatter of 10,000 points takes four times the bytes.
 */
export function svgToPng(svg: string): Uint8Array {
  const options = {
    fitTo: { mode: 'zoom', value: pixelRatio },
    font: stillFont,
    logLevel: 'off',
  } as const;
  const { pixels, width, height } = new Resvg(printable(svg), options).render();
  const palette = quantize(pixels, MOST_COLORS);
  return indexedPng(applyPalette(pixels, palette), height, width, palette);
}

/** Draws an Observable Plot at (x, y) of an SVG document, set in the font of the stills. */
export function plotToSvg(options: PlotOptions, x: number, y: number): string {
  const plot = Plot.plot({ ...options, document: blankDocument });
  plot.setAttribute('x', String(x));
  plot.setAttribute('y', String(y));
  plot.setAttribute('font-family', stillFont.defaultFontFamily);
  plot.setAttribute('font-size', String(textSize.small));
  return plot.outerHTML;
}
