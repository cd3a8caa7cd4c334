/** What this folder uses of gifenc, which has no types of its own. */
declare module 'gifenc' {
  type Color = [red: number, green: number, blue: number];

  /** The colours, at most `most`, that represent the pixels (RGBA) best. */
  export function quantize(pixels: Uint8Array, most: number): Color[];

  /** For each pixel (RGBA) the index of the nearest colour. */
  export function applyPalette(pixels: Uint8Array, palette: Color[]): Uint8Array;
}
