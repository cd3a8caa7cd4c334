import type { Dataset } from './dataset';
import type { DownloadOptions } from './download';
import { downloadIdxDataset } from './download-idx-dataset';
import {
  fashionMnistChecksums,
  fashionMnistDownloadFolder,
  fashionMnistFolders,
  readFashionMnist,
} from './fashion-mnist';
import { readFashionMnistSample } from './fashion-mnist-sample';
import { firstLine } from './first-line';
import { hasIdxDataset } from './idx-dataset';
import { readOnce } from './read-once';

/** The official copies: the one that its README links, and its repository. */
export const fashionMnistMirrors = [
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com',
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion',
];

/** How to get all of Fashion-MNIST without a download by this program, for a reader. */
export const fashionMnistByHand =
  `'apt install dataset-fashion-mnist' (Debian, Ubuntu), or put the four files of ` +
  `github.com/zalandoresearch/fashion-mnist into data/fashion-mnist`;

/** How to get all of Fashion-MNIST, for a reader. */
export const fashionMnistAdvice = `run 'tripletlab data download', or ${fashionMnistByHand}`;

/** Where Fashion-MNIST may come from. */
export interface FashionMnistSources {
  /** Folders that may hold the four files; the first that does is taken. */
  folders: string[];
  /** Where to download them from otherwise; empty when nothing is to be downloaded. */
  mirrors: string[];
  /** Where to download them to. */
  downloadFolder: string;
}

/** The sources that `loadDataset` goes by; TRIPLETLAB_OFFLINE=1 leaves the mirrors out. */
export function fashionMnistSources(folder?: string): FashionMnistSources {
  return {
    folders: fashionMnistFolders(folder),
    mirrors: process.env.TRIPLETLAB_OFFLINE === '1' ? [] : fashionMnistMirrors,
    downloadFolder: fashionMnistDownloadFolder(),
  };
}

/** Downloads that were tried, by mirrors and folder: why they failed, or undefined. */
const downloads = new Map<string, Promise<string | undefined>>();

/** What was said already. */
const said = new Set<string>();

/**
 * Fashion-MNIST from the first of its sources: a folder, else a mirror, else, with one sentence on
 * stderr that says why, the sample that comes with the project. A download that failed is not tried
 * again in this process; folders are looked at every time.
 *
 * @throws Error when the files found differ from the original ones; the reason of `options.signal`
 *   when that is aborted during a download
 */
export async function loadFashionMnist(
  sources: FashionMnistSources,
  options: DownloadOptions = {},
): Promise<Dataset> {
  const { folders, downloadFolder } = sources;
  const read = (folder: string): Promise<Dataset> =>
    readOnce(`fashion-mnist in ${folder}`, () => readFashionMnist(folder));
  const found = folders.find(hasIdxDataset);
  if (found !== undefined) return read(found);
  const problem = await downloadOnce(sources, options);
  if (problem === undefined) return read(downloadFolder);
  const sample = await readOnce('sample of fashion-mnist', readFashionMnistSample);
  say(
    `Fashion-MNIST: a sample of ${sample.train.count} training and ${sample.test.count} test ` +
      `images is used, for the whole is in none of ${folders.join(', ')}, and ${problem}; to get ` +
      `it, ${fashionMnistAdvice}.`,
  );
  return sample;
}

function say(sentence: string): void {
  if (!said.has(sentence)) console.warn(sentence);
  said.add(sentence);
}

/** @returns why there is no download, or undefined when the files are there */
function downloadOnce(
  { mirrors, downloadFolder }: FashionMnistSources,
  options: DownloadOptions,
): Promise<string | undefined> {
  if (mirrors.length === 0) return Promise.resolve('TRIPLETLAB_OFFLINE=1 forbids a download');
  const key = [downloadFolder, ...mirrors].join('\n');
  const downloading =
    downloads.get(key) ??
    downloadIdxDataset(downloadFolder, fashionMnistChecksums, mirrors, options).then(
      () => undefined,
      (error) => {
        if (options.signal?.aborted) throw error;
        return `its download failed (${firstLine(error)})`;
      },
    );
  downloads.set(key, downloading);
  downloading.catch(() => downloads.delete(key));
  return downloading;
}
