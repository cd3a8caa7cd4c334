import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { matrix, type Matrix } from '../data/matrix';
import { parseJson } from '../data/parse-json';
import { writeAtomically } from '../data/write-atomically';

/** Named float32 arrays with their shapes: the state of a training, or a network's weights. */
export type NamedArrays = Record<string, { data: Float32Array; shape: number[] }>;

/** A state of training from which it goes on exactly as if it had never stopped. */
export interface Checkpoint<Progress> {
  /** Whatever the loop has to remember besides the arrays; JSON. */
  progress: Progress;
  arrays: NamedArrays;
}

const MAGIC = 'TLAB0001';

/**
 * Writes a checkpoint as one file, atomically: 8 bytes of magic, the length of the header (uint32,
 * little endian), a JSON header (progress, and the name and shape of every array), and the arrays'
 * float32 values one after another.
 */
export function writeCheckpoint<Progress>(
  path: string,
  { progress, arrays }: Checkpoint<Progress>,
): void {
  const shapes = Object.entries(arrays).map(([name, { shape }]) => ({ name, shape }));
  const header = Buffer.from(JSON.stringify({ progress, arrays: shapes }));
  // Padding keeps the values aligned to four bytes, so that a reader may view them in place.
  const padded = Buffer.alloc(Math.ceil(header.length / 4) * 4, ' ');
  header.copy(padded);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(padded.length);
  const values = Object.values(arrays).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  writeAtomically(path, Buffer.concat([Buffer.from(MAGIC), length, padded, ...values]));
}

/**
 * Reads what `writeCheckpoint` wrote.
 *
 * @throws Error when the file is not a checkpoint or does not hold all its values; the message names
 *   the file, what was found and what was expected
 */
export function readCheckpoint<Progress>(path: string): Checkpoint<Progress> {
  return decodeCheckpoint(path, readFileSync(path));
}

/**
 * What `readCheckpoint` does with the content of a file.
 *
 * @param path where it comes from, for the errors
 */
export function decodeCheckpoint<Progress>(path: string, bytes: Buffer): Checkpoint<Progress> {
  const { header, sizes, start } = layout<Progress>(path, bytes.length, (from, to) =>
    bytes.subarray(from, to),
  );
  const arrays: NamedArrays = {};
  let offset = start;
  header.arrays.forEach(({ name, shape }, i) => {
    const data = new Float32Array(sizes[i]);
    Buffer.from(data.buffer).set(bytes.subarray(offset, offset + 4 * sizes[i]));
    offset += 4 * sizes[i];
    arrays[name] = { data, shape };
  });
  return { progress: header.progress, arrays };
}

/**
 * Reads one array of a checkpoint, which must have rows and columns.
 *
 * @throws Error as `readCheckpoint` does, and when there is no such array
 */
export function readMatrix(path: string, name: string): Matrix {
  const { arrays } = readCheckpoint(path);
  const { data, shape } = Object.hasOwn(arrays, name) ? arrays[name] : { data: [], shape: [] };
  if (shape.length !== 2 || data.length === 0) {
    throw new Error(`readMatrix: ${path} must hold '${name}' of shape [n, d], got [${shape}]`);
  }
  return matrix(data as Float32Array, shape as [number, number]);
}

/**
 * Makes sure that a file is a checkpoint as far as its header and its size tell; the values are not
 * read.
 *
 * @throws Error as `readCheckpoint` does
 */
export function requireCheckpoint(path: string): void {
  const file = openSync(path, 'r');
  try {
    layout(path, fstatSync(file).size, (from, to) => {
      const bytes = Buffer.alloc(to - from);
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
    });
  } finally {
    closeSync(file);
  }
}

interface Layout<Progress> {
  header: Header<Progress>;
  /** How many values each array has. */
  sizes: number[];
  /** The offset of the first value. */
  start: number;
}

/** What lies where in a checkpoint of `size` bytes, of which `read` gives those from..to. */
function layout<Progress>(
  path: string,
  size: number,
  read: (from: number, to: number) => Buffer,
): Layout<Progress> {
  const from = MAGIC.length + 4;
  const head = read(0, Math.min(from, size));
  if (head.length < from || head.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new Error(`readCheckpoint: ${path} does not begin with ${MAGIC}: it is no checkpoint`);
  }
  const start = from + head.readUInt32LE(MAGIC.length);
  const header = parseHeader<Progress>(path, read(from, Math.min(start, size)).toString());
  const sizes = header.arrays.map(({ shape }) => shape.reduce((product, n) => product * n, 1));
  const expected = start + 4 * sizes.reduce((sum, n) => sum + n, 0);
  if (size !== expected) {
    throw new Error(`readCheckpoint: ${path} has ${size} bytes, expected ${expected}`);
  }
  return { header, sizes, start };
}

interface Header<Progress> {
  progress: Progress;
  arrays: { name: string; shape: number[] }[];
}

function parseHeader<Progress>(path: string, text: string): Header<Progress> {
  try {
    const header = parseJson(text) as Header<Progress>;
    const valid = ({ name, shape }: Header<Progress>['arrays'][number]): boolean =>
      typeof name === 'string' &&
      name !== '__proto__' &&
      shape.every((n) => Number.isSafeInteger(n) && n >= 0);
    if (header.arrays.every(valid)) return header;
  } catch {
    // What is wrong with the text does not help anybody; that it is wrong is said below.
  }
  throw new Error(`readCheckpoint: ${path} has a damaged header: delete the file to start afresh`);
}
