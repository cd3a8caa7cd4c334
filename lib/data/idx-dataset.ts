import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ImageSet } from './dataset';
import { parseIdx } from './idx';

/** The four files that MNIST and the datasets made after its pattern consist of. */
export const idxFileNames = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

/** SHA-256 (hex) of each file, uncompressed. */
export type IdxChecksums = Record<(typeof idxFileNames)[number], string>;

/** What the four files hold. */
export interface IdxDataset {
  train: ImageSet;
  test: ImageSet;
  /** SHA-256 (hex) over the checksums of the four files. */
  digest: string;
}

/** Whether `folder` holds the four files, each plain or with the ending .gz. */
export function hasIdxDataset(folder: string): boolean {
  return idxFileNames.every((name) => findIdxFile(folder, name) !== undefined);
}

/**
 * Reads the four files from `folder`, each plain or with the ending .gz, and checks every one
 * against its SHA-256 before use.
 *
 * @throws Error when a file is missing or is not the one that `checksums` names
 */
export async function readIdxDataset(folder: string, checksums: IdxChecksums): Promise<IdxDataset> {
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all(
    idxFileNames.map((name) => readNamed(folder, name, checksums[name])),
  );
  const digest = sha256(idxFileNames.map((name) => checksums[name]).join('\n'));
  return {
    train: imageSet(trainImages, trainLabels, `the training files in ${folder}`),
    test: imageSet(testImages, testLabels, `the test files in ${folder}`),
    digest,
  };
}

/**
 * Joins the bytes of an image file and a label file into a set.
 *
 * @param name what to call the pair in an error
 * @throws Error when the shapes do not fit together or a label is not in 0 to 9
 */
export function imageSet(imageFile: Uint8Array, labelFile: Uint8Array, name: string): ImageSet {
  const images = parseIdx(imageFile, `images of ${name}`);
  const labels = parseIdx(labelFile, `labels of ${name}`);
  if (images.shape.length !== 3 || labels.shape.length !== 1) {
    throw new Error(
      `imageSet: ${name}: images must have 3 dimensions and labels 1, ` +
        `got ${images.shape.length} and ${labels.shape.length}`,
    );
  }
  const [count, height, width] = images.shape;
  if (labels.shape[0] !== count) {
    throw new Error(
      `imageSet: ${name}: ${count} images need as many labels, got ${labels.shape[0]}`,
    );
  }
  const wrong = labels.data.findIndex((label) => label > 9);
  if (wrong !== -1) {
    throw new Error(
      `imageSet: ${name}: labels must be 0 to 9, label ${wrong} is ${labels.data[wrong]}`,
    );
  }
  return { images: images.data, labels: labels.data, count, height, width };
}

async function readNamed(folder: string, name: string, checksum: string): Promise<Uint8Array> {
  const path = findIdxFile(folder, name);
  if (path === undefined) {
    throw new Error(`readIdxDataset: ${folder} must hold ${name} or ${name}.gz, found neither`);
  }
  return readOriginal(path, checksum);
}

/**
 * The content of a file, decompressed if it is compressed by gzip, whose SHA-256 is `checksum`.
 *
 * @throws Error when it cannot be read or decompressed, or is another file
 */
export async function readOriginal(path: string, checksum: string): Promise<Uint8Array> {
  const bytes = await readPlain(path);
  const found = sha256(bytes);
  if (found !== checksum) {
    throw new Error(
      `readIdxDataset: ${path} is not the original file: its SHA-256 must be ${checksum}, got ` +
        `${found} (${bytes.length} bytes); replace it with a fresh copy`,
    );
  }
  return bytes;
}

async function readPlain(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  try {
    // The largest of the files has 47 MB; the limit keeps a hostile file from filling the memory.
    return await promisify(gunzip)(bytes, { maxOutputLength: 2 ** 26 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `readIdxDataset: ${path} cannot be decompressed (${reason}); replace it with a fresh copy`,
      { cause: error },
    );
  }
}

/** The path of one of the four files, plain or with the ending .gz; undefined when it is missing. */
export function findIdxFile(folder: string, name: string): string | undefined {
  return [join(folder, name), join(folder, `${name}.gz`)].find((path) => existsSync(path));
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
