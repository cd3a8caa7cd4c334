import { crc32, deflateSync } from 'node:zlib';

/** The eight bytes that begin every PNG. */
const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** The most colours that an index of a byte tells apart. */
export const MOST_COLORS = 256;

/** Red, green and blue, each in 0..255. */
export type Color = readonly [number, number, number];

/**
 * A PNG whose pixels are indices into a palette (colour type 3): of four bits for up to 16 colours,
 * else of eight. Our figures take a third of the bytes of true colour, and the PNG packages at hand
 * cannot write it.
 *
 * @param pixels [height, width]: indices into `palette`
 * @throws RangeError when there are not height x width pixels, or not 1 to 256 colours
 */
export function indexedPng(
  pixels: Uint8Array,
  height: number,
  width: number,
  palette: readonly Color[],
): Uint8Array {
  if (pixels.length !== height * width) {
    throw new RangeError(
      `indexedPng: pixels must be ${height} x ${width} = ${height * width}, got ${pixels.length}`,
    );
  }
  if (!(palette.length >= 1 && palette.length <= MOST_COLORS)) {
    throw new RangeError(
      `indexedPng: palette must have 1 to ${MOST_COLORS} colours, got ${palette.length}`,
    );
  }
  const depth = palette.length <= 16 ? 4 : 8;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, 3], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(scanLines(pixels, height, width, depth), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The rows, each after a byte for its filter (0: none). Of two pixels in a byte the left one is high. */
function scanLines(pixels: Uint8Array, height: number, width: number, depth: 4 | 8): Uint8Array {
  const stride = 1 + Math.ceil((width * depth) / 8);
  const lines = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width, (y + 1) * width);
    const start = y * stride + 1;
    if (depth === 8) lines.set(row, start);
    else row.forEach((pixel, x) => (lines[start + (x >> 1)] |= x % 2 === 0 ? pixel << 4 : pixel));
  }
  return lines;
}

/** A part of the file: its length, its name, its data, and a checksum of name and data. */
function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
