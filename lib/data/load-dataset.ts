import { type Dataset, firstImages, type ImageSet } from './dataset';
import { fashionMnistSources, loadFashionMnist } from './load-fashion-mnist';
import { readMnist } from './mnist';
import type { OnProgress } from './progress';
import { readOnce } from './read-once';

/** The datasets that `loadDataset` knows. */
export type DatasetName = 'mnist' | 'fashion-mnist';

/** Options of `loadDataset`. */
export interface LoadDatasetOptions {
  /** Take only the first so many training images. Default: all. */
  trainLimit?: number;
  /** Take only the first so many test images. Default: all. */
  testLimit?: number;
  /** Where to look first for the files of 'fashion-mnist'. Default: see `fashionMnistFolders`. */
  folder?: string;
  /** Stops a download. */
  signal?: AbortSignal;
  /** Hears of a download. */
  onProgress?: OnProgress;
}

/**
 * Loads a dataset. Its files are checked against the published SHA-256 once per process and kept in
 * memory (55 MB); every call shares that memory, so treat the arrays as read-only.
 *
 * MNIST comes with the packages. Fashion-MNIST is looked for in the folders of
 * `fashionMnistFolders`, and otherwise downloaded (31 MB, once) to data/fashion-mnist. Where no
 * mirror can be reached, or TRIPLETLAB_OFFLINE is 1, the sample that comes with the project is used:
 * a sentence on stderr says so, and so does `isSample`.
 *
 * A limit takes the first images in the order of the files, where the classes are mixed; a limit
 * beyond the size takes all. (The first 5,000 test images of MNIST are the easier half.)
 *
 * @throws Error when the name is unknown, a limit is not a whole number > 0, or the files that were
 *   found differ from the original; the reason of `signal` when it stops a download
 */
export async function loadDataset(
  name: DatasetName,
  options: LoadDatasetOptions = {},
): Promise<Dataset> {
  const { trainLimit, testLimit } = options;
  for (const [option, limit] of Object.entries({ trainLimit, testLimit })) {
    if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
      throw new RangeError(`loadDataset: ${option} must be a whole number > 0, got ${limit}`);
    }
  }
  const dataset = await load(name, options);
  const limited = (set: ImageSet, limit = set.count): ImageSet => firstImages(set, limit);
  return {
    ...dataset,
    train: limited(dataset.train, trainLimit),
    test: limited(dataset.test, testLimit),
  };
}

function load(name: DatasetName, options: LoadDatasetOptions): Promise<Dataset> {
  const { folder, signal, onProgress } = options;
  switch (name) {
    case 'mnist':
      return readOnce(name, readMnist);
    case 'fashion-mnist':
      return loadFashionMnist(fashionMnistSources(folder), { signal, onProgress });
    default:
      throw new Error(`loadDataset: name must be 'mnist' or 'fashion-mnist', got '${name}'`);
  }
}
