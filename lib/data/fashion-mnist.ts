import type { Dataset } from './dataset';
import { type IdxChecksums, readIdxDataset } from './idx-dataset';
import { projectPath } from './project';

/** The checksums of the original files, uncompressed, as published by Zalando Research. */
export const fashionMnistChecksums: IdxChecksums = {
  'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
};

/** What the labels 0 to 9 mean. */
export const fashionMnistClassNames = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/** Where Debian's package dataset-fashion-mnist puts the files. */
const debianFolder = '/usr/share/datasets/fashion-mnist';

/** Where downloaded files are kept. */
export function fashionMnistDownloadFolder(): string {
  return projectPath('data', 'fashion-mnist');
}

/**
 * Where the four files, plain or .gz, are looked for, in this order: `folder`, the folder that the
 * environment variable TRIPLETLAB_FASHION_MNIST names, data/fashion-mnist in the project, and the
 * one of Debian's package dataset-fashion-mnist.
 */
export function fashionMnistFolders(folder?: string): string[] {
  return [
    folder,
    process.env.TRIPLETLAB_FASHION_MNIST,
    fashionMnistDownloadFolder(),
    debianFolder,
  ].filter((path): path is string => path !== undefined && path !== '');
}

/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf 2017, MIT licence): 60,000 training and 10,000 test
 * images of clothing, 28 x 28 grey values, on black.
 *
 * @param folder holds the four files
 * @throws Error when a file is missing or differs from the original
 */
export async function readFashionMnist(folder: string): Promise<Dataset> {
  const { train, test, digest } = await readIdxDataset(folder, fashionMnistChecksums);
  return {
    name: 'fashion-mnist',
    classNames: [...fashionMnistClassNames],
    train,
    test,
    source: `${folder}: the four original files, checked by SHA-256`,
    isSample: false,
    digest,
  };
}
