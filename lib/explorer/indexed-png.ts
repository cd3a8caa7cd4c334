import { crc32, deflateSync } from 'node:zlib';

/** The eight bytes that begin every PNG. */
const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** Bits of a pixel, and how many colours they tell apart. */
const DEPTH = 4;
const COLORS = 2 ** DEPTH;

/** Red, green and blue, each in 0..255. */
export type Color = readonly [number, number, number];

/**
 * A PNG of at most 16 colours, four bits a pixel (colour type 3, bit depth 4): half the bytes of
 * eight bits before compression, which the PNG packages at hand cannot write.
 *
 * @param pixels [height, width]: indices into `palette`
 * @throws RangeError when there are not height x width pixels, or not 1 to 16 colours
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
  if (!(palette.length >= 1 && palette.length <= COLORS)) {
    throw new RangeError(
      `indexedPng: palette must have 1 to ${COLORS} colours, got ${palette.length}`,
    );
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([DEPTH, 3], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(scanLines(pixels, height, width))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The rows, each after a byte for its filter (0: none), two pixels a byte, the left one high. */
function scanLines(pixels: Uint8Array, height: number, width: number): Uint8Array {
  const stride = 1 + Math.ceil(width / 2);
  const lines = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = pixels[y * width + x];
      lines[y * stride + 1 + (x >> 1)] |= x % 2 === 0 ? pixel << DEPTH : pixel;
    }
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
