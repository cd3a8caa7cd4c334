/** An array read from an IDX file: unsigned bytes with a shape. */
export interface IdxArray {
  /** Size of each dimension, outermost first: [60000, 28, 28]. */
  shape: number[];
  /** Row-major values, a view on the given bytes. */
  data: Uint8Array;
}

const typeNames: Record<number, string> = {
  0x08: 'unsigned byte',
  0x09: 'signed byte',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
};

const maximumDimensions = 4;

/**
 * Reads an IDX file, the format of MNIST: two zero bytes, a type byte, the number of dimensions,
 * each dimension as a big-endian uint32, then the values row by row. Only the type 'unsigned byte'
 * (0x08) and 1 to 4 dimensions are supported; the values are not copied.
 *
 * @param bytes the whole file, not compressed
 * @param name what to call the file in an error
 * @throws Error when the bytes are not exactly such a file; the message names the file, what was
 *   found, what was expected, and what to do
 */
export function parseIdx(bytes: Uint8Array, name = 'IDX file'): IdxArray {
  const shape = readShape(bytes, name);
  const header = 4 + 4 * shape.length;
  // A float64 product of four uint32 cannot overflow, and beyond 2^53 it never equals a file's size.
  const expected = shape.reduce((product, size) => product * size, 1);
  const found = bytes.length - header;
  if (found !== expected) {
    const problem = found < expected ? 'the file is cut off' : 'the file has bytes too many';
    throw invalid(
      name,
      `${shape.join(' x ')} = ${expected} values must follow the ${header}-byte header, ` +
        `found ${found}: ${problem}`,
    );
  }
  return { shape, data: bytes.subarray(header) };
}

/**
 * Writes an array as an IDX file of unsigned bytes, which `parseIdx` reads.
 *
 * @throws RangeError when the data does not fill the shape
 */
export function encodeIdx({ shape, data }: IdxArray): Uint8Array {
  const values = shape.reduce((product, size) => product * size, 1);
  if (data.length !== values) {
    throw new RangeError(
      `encodeIdx: shape ${shape.join(' x ')} needs ${values} values, got ${data.length}`,
    );
  }
  const header = 4 + 4 * shape.length;
  const bytes = new Uint8Array(header + data.length);
  bytes.set([0, 0, 0x08, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  bytes.set(data, header);
  return bytes;
}

/** The dimensions in the header of an IDX file, every field checked. */
function readShape(bytes: Uint8Array, name: string): number[] {
  if (bytes.length === 0) throw invalid(name, 'the file is empty');
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new Error(
      `parseIdx: ${name}: the file is compressed by gzip (it begins 1f 8b), expected plain IDX ` +
        `(00 00 08); decompress it first, for instance with gunzip`,
    );
  }
  if (bytes.length < 4) {
    throw invalid(name, `the header must have at least 4 bytes, found ${bytes.length}`);
  }
  const [zero0, zero1, type, dimensions] = bytes;
  if (zero0 !== 0 || zero1 !== 0) {
    throw invalid(name, `the first two bytes must be 00 00, found ${hex(zero0)} ${hex(zero1)}`);
  }
  if (type !== 0x08) {
    const typeName = typeNames[type] ?? 'unknown';
    throw invalid(name, `the type must be 08 (unsigned byte), found ${hex(type)} (${typeName})`);
  }
  if (dimensions < 1 || dimensions > maximumDimensions) {
    throw invalid(name, `there must be 1 to ${maximumDimensions} dimensions, found ${dimensions}`);
  }
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) {
    throw invalid(
      name,
      `the header of ${dimensions} dimensions must have ${header} bytes, found ${bytes.length}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, header);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const empty = shape.indexOf(0);
  if (empty !== -1) throw invalid(name, `every dimension must be > 0, dimension ${empty} is 0`);
  return shape;
}

function invalid(name: string, problem: string): Error {
  return new Error(
    `parseIdx: ${name}: ${problem}; replace the file with a fresh copy of the original`,
  );
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
