import { Resvg } from '@resvg/resvg-js';
import { applyPalette, quantize } from 'gifenc';
import { indexedPng, MOST_COLORS, type Color } from './indexed-png';
import { blankDocument, Plot, type PlotOptions } from './packages';
import { printable, stillFont, textSize } from './text';

/** Pixels of a still for each CSS pixel, so that it is sharp on dense displays and in print. */
const pixelRatio = 2;

/**
 * Renders an opaque SVG document to a PNG with two pixels for each CSS pixel, in its 256 most fitting
 * colours: in true colour, a scatter of 10,000 points takes four times the bytes.
 */
export function svgToPng(svg: string): Uint8Array {
  const options = {
    fitTo: { mode: 'zoom', value: pixelRatio },
    font: stillFont,
    logLevel: 'off',
  } as const;
  const { pixels, width, height } = new Resvg(printable(svg), options).render();
  const { indices, palette } = fewColors(pixels) ?? fittingColors(pixels);
  return indexedPng(indices, height, width, palette);
}

/** Pixels as indices into a palette. */
interface Indexed {
  indices: Uint8Array;
  palette: Color[];
}

/** The pixels (RGBA, opaque) in exactly their colours, where those fit into a palette. */
function fewColors(pixels: Uint8Array): Indexed | undefined {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  const indexOf = new Map<number, number>();
  const indices = new Uint8Array(words.length);
  const palette: Color[] = [];
  for (let i = 0; i < words.length; i++) {
    let index = indexOf.get(words[i]);
    if (index === undefined) {
      if (palette.length === MOST_COLORS) return undefined;
      index = palette.push([pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]]) - 1;
      indexOf.set(words[i], index);
    }
    indices[i] = index;
  }
  return { indices, palette };
}

/** The pixels (RGBA, opaque) in the colours that represent them best. */
function fittingColors(pixels: Uint8Array): Indexed {
  const palette = quantize(pixels, MOST_COLORS);
  return { indices: applyPalette(pixels, palette), palette };
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
