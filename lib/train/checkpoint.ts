import { readFileSync } from 'node:fs';
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
  const start = MAGIC.length + 4;
  if (bytes.length < start || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new Error(`readCheckpoint: ${path} does not begin with ${MAGIC}: it is no checkpoint`);
  }
  const end = start + bytes.readUInt32LE(MAGIC.length);
  const header = parseHeader<Progress>(path, bytes.toString('utf8', start, end));
  const sizes = header.arrays.map(({ shape }) => shape.reduce((size, n) => size * n, 1));
  const expected = end + 4 * sizes.reduce((sum, size) => sum + size, 0);
  if (bytes.length !== expected) {
    throw new Error(`readCheckpoint: ${path} has ${bytes.length} bytes, expected ${expected}`);
  }
  const arrays: NamedArrays = {};
  let offset = end;
  header.arrays.forEach(({ name, shape }, i) => {
    const data = new Float32Array(sizes[i]);
    Buffer.from(data.buffer).set(bytes.subarray(offset, offset + 4 * sizes[i]));
    offset += 4 * sizes[i];
    arrays[name] = { data, shape };
  });
  return { progress: header.progress, arrays };
}

interface Header<Progress> {
  progress: Progress;
  arrays: { name: string; shape: number[] }[];
}

function parseHeader<Progress>(path: string, text: string): Header<Progress> {
  try {
    const header = JSON.parse(text) as Header<Progress>;
    const valid = ({ name, shape }: Header<Progress>['arrays'][number]): boolean =>
      typeof name === 'string' && shape.every((n) => Number.isSafeInteger(n) && n >= 0);
    if (header.arrays.every(valid)) return header;
  } catch {
    // What is wrong with the text does not help anybody; that it is wrong is said below.
  }
  throw new Error(`readCheckpoint: ${path} has a damaged header: delete the file to start afresh`);
}
