/** A small shape that is blended into an image many times over. */
export interface Stamp {
  /** Where its pixels are, seen from its middle: [x, y, x, y, ...]. */
  places: Int32Array;
  /** How much each of them covers, in 256ths. */
  shares: Int32Array;
  /** No pixel is farther from the middle than this, on either axis. */
  reach: number;
}

/** A disc that lets some of the ground through: `opacity` from 0 to 1. */
export function disc(radius: number, opacity: number): Stamp {
  return stamp(radius, (distance) => opacity * coverage(radius, distance));
}

/** A circle, `width` wide, as seen along its middle line. */
export function ring(radius: number, width: number): Stamp {
  const [outer, inner] = [radius + width / 2, radius - width / 2];
  return stamp(outer, (distance) => coverage(outer, distance) - coverage(inner, distance));
}

/** How much of a pixel at `distance` from the middle a disc covers. */
function coverage(radius: number, distance: number): number {
  return Math.min(1, Math.max(0, radius + 0.5 - distance));
}

function stamp(radius: number, share: (distance: number) => number): Stamp {
  const reach = Math.ceil(radius + 0.5);
  const places: number[] = [];
  const shares: number[] = [];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const part = Math.round(256 * share(Math.hypot(x, y)));
      if (part === 0) continue;
      places.push(x, y);
      shares.push(part);
    }
  }
  return { places: Int32Array.from(places), shares: Int32Array.from(shares), reach };
}

/** Pixels that stamps are blended into: one 32-bit number each, red in the lowest byte. */
export interface Sheet {
  image: ImageData;
  pixels: Int32Array;
  /** Pixels beyond each edge, so that a stamp whose middle is just outside needs no clipping. */
  border: number;
}

/** A sheet of one colour; `last` is used again where its size is right. */
export function sheetOf(
  width: number,
  height: number,
  border: number,
  ground: string,
  last?: Sheet,
): Sheet {
  const [across, down] = [width + 2 * border, height + 2 * border];
  const fits = last?.border === border && last.image.width === across && last.image.height === down;
  const image = fits ? last.image : new ImageData(across, down);
  const pixels = fits ? last.pixels : new Int32Array(image.data.buffer);
  pixels.fill(OPAQUE | pixelColor(ground));
  return { image, pixels, border };
}

const OPAQUE = 0xff000000 | 0;
const RED_AND_BLUE = 0x00ff00ff;

/** '#rrggbb' as a pixel without opacity. */
export function pixelColor(color: string): number {
  const value = parseInt(color.slice(1), 16);
  return ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16);
}

/** Where the pixels of a stamp are in the memory of a sheet, seen from its middle. */
export function offsetsIn({ image }: Sheet, { places }: Stamp): Int32Array {
  return Int32Array.from(
    { length: places.length / 2 },
    (_, i) => places[2 * i] + places[2 * i + 1] * image.width,
  );
}

/**
 * Blends a stamp into the sheet with its middle on pixel `at`: c + (color - c) * share for each
 * channel, red and blue at once.
 */
export function blend(
  pixels: Int32Array,
  at: number,
  offsets: Int32Array,
  shares: Int32Array,
  color: number,
): void {
  const redAndBlue = color & RED_AND_BLUE;
  const green = (color >> 8) & 0xff;
  for (let i = 0; i < offsets.length; i++) {
    const place = at + offsets[i];
    const share = shares[i];
    const below = pixels[place];
    const rb = below & RED_AND_BLUE;
    const g = (below >> 8) & 0xff;
    pixels[place] =
      OPAQUE |
      ((rb + (Math.imul(redAndBlue - rb, share) >> 8)) & RED_AND_BLUE) |
      ((g + (Math.imul(green - g, share) >> 8)) << 8);
  }
}
