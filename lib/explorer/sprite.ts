import { indexedPng, type Color } from '../figure/indexed-png';

/** The longest side of a sprite, in pixels; browsers refuse pictures much larger. */
const LONGEST_SIDE = 8192;

/** How finely pixels are told apart. */
interface Greys {
  /** Evenly from black to white. */
  levels: number;
  /**
   * How far a pixel may be from its grey, as a share of the distance between two, to take that of the
   * pixel before it or above it instead of the nearest; 0.5: it never does. Runs take fewer bytes.
   */
  slack: number;
}

const FINE: Greys = { levels: 16, slack: 0.5 };

/** For images that take many bytes: photographs of clothes take twice those of digits. */
const COARSE: Greys = { levels: 7, slack: 0.6 };

/** The greys are coarse where fine ones take more bytes than that an image. */
const BYTES_AN_IMAGE = 130;

/** Many images in one picture. */
export interface Sprite {
  /** A PNG of few greys: the images in rows from the upper left, without gaps. */
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
  const sheet = { images, count, height, width, columns, rows };
  const fine = drawn(sheet, FINE);
  return { png: fine.length <= BYTES_AN_IMAGE * count ? fine : drawn(sheet, COARSE), columns };
}

interface Sheet {
  images: Uint8Array;
  count: number;
  height: number;
  width: number;
  columns: number;
  rows: number;
}

function drawn(sheet: Sheet, greys: Greys): Uint8Array {
  const palette = Array.from({ length: greys.levels }, (_, i): Color => {
    const grey = Math.round(i * stepOf(greys));
    return [grey, grey, grey];
  });
  const [down, across] = [sheet.rows * sheet.height, sheet.columns * sheet.width];
  return indexedPng(greysOf(sheet, greys), down, across, palette);
}

/** The distance between two greys. */
function stepOf({ levels }: Greys): number {
  return 255 / (levels - 1);
}

/** The grey of every pixel of the sprite, as an index. */
function greysOf({ images, count, height, width, columns, rows }: Sheet, greys: Greys): Uint8Array {
  const step = stepOf(greys);
  const across = columns * width;
  const indices = new Uint8Array(rows * height * across);
  for (let i = 0; i < count; i++) {
    const corner = Math.floor(i / columns) * height * across + (i % columns) * width;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = images[(i * height + y) * width + x];
        const at = corner + y * across + x;
        const isNear = (index: number): boolean =>
          Math.abs(value - step * index) < greys.slack * step;
        const before = x > 0 ? indices[at - 1] : 0;
        const above = y > 0 ? indices[at - across] : 0;
        indices[at] = isNear(before) ? before : isNear(above) ? above : Math.round(value / step);
      }
    }
  }
  return indices;
}
