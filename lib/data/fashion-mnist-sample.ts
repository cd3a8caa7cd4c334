import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Dataset, type ImageSet, subset } from './dataset';
import { fashionMnistClassNames } from './fashion-mnist';
import { encodeIdx } from './idx';
import { type IdxChecksums, readIdxDataset } from './idx-dataset';
import { projectPath } from './project';
import { stratifiedSplit } from './stratified-split';
import { writeAtomically } from './write-atomically';

/** The checksums of the sample's files, uncompressed. */
const checksums: IdxChecksums = {
  'train-images-idx3-ubyte': '32f1c35dd88b06d7657dee88e0e42e59edf788c3c47224404b053601ae6f3564',
  'train-labels-idx1-ubyte': '4a2a82f167433b67938f1c294c69e3b3d2f6c0ca819f84591c4a658a646ff6ef',
  't10k-images-idx3-ubyte': '10b65c3da990747c1b252cb8dc40aa39952245d503f2a80e28f85c06a1c89267',
  't10k-labels-idx1-ubyte': '11f0269ae930cc3bf39f5d2815d085a62fb00685e470930f2218e2e3e6a104e9',
};

/** Images of the sample; of each class a tenth of them. */
const trainCount = 10_000;
const testCount = 2_000;

/** Where the sample is kept, in git. */
export function fashionMnistSampleFolder(): string {
  return projectPath('data', 'fashion-mnist-sample');
}

/**
 * The sample of Fashion-MNIST that comes with the project: 1,000 training and 200 test images of
 * each class, as `drawFashionMnistSample` draws them.
 *
 * @throws Error when a file is missing or differs from the one that was committed
 */
export async function readFashionMnistSample(): Promise<Dataset> {
  const folder = fashionMnistSampleFolder();
  const { train, test, digest } = await readIdxDataset(folder, checksums);
  return {
    name: 'fashion-mnist',
    classNames: [...fashionMnistClassNames],
    train,
    test,
    source:
      `${folder}: a sample of 10,000 of the 60,000 training and 2,000 of the 10,000 test images, ` +
      `checked by SHA-256`,
    isSample: true,
    digest,
  };
}

/** Draws the sample's images from all: at random (seed 1), of every class the same number. */
export function drawFashionMnistSample({ train, test }: Pick<Dataset, 'train' | 'test'>): {
  train: ImageSet;
  test: ImageSet;
} {
  return { train: draw(train, trainCount), test: draw(test, testCount) };
}

function draw(set: ImageSet, count: number): ImageSet {
  const validationShare = count / set.count;
  return subset(set, stratifiedSplit(set.labels, { validationShare, seed: 1 }).validation);
}

/** Writes a sample as four gzipped IDX files, named as the original ones are. */
export function writeFashionMnistSample(
  { train, test }: Pick<Dataset, 'train' | 'test'>,
  folder: string = fashionMnistSampleFolder(),
): void {
  writeSet(train, folder, 'train');
  writeSet(test, folder, 't10k');
}

function writeSet(
  { images, labels, count, height, width }: ImageSet,
  folder: string,
  name: string,
): void {
  const write = (file: string, shape: number[], data: Uint8Array): void =>
    writeAtomically(join(folder, `${file}.gz`), gzipSync(encodeIdx({ shape, data }), { level: 9 }));
  write(`${name}-images-idx3-ubyte`, [count, height, width], images);
  write(`${name}-labels-idx1-ubyte`, [count], labels);
}
