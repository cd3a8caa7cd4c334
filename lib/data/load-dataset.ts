import { type Dataset, firstImages, type ImageSet } from './dataset';
import { fashionMnistFolders, readFashionMnist } from './fashion-mnist';
import { readMnist } from './mnist';

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
}

/** What was read and checked already, by dataset and folders. */
const loaded = new Map<string, Promise<Dataset>>();

/**
 * Loads a dataset. Its files are checked against the published SHA-256 once per process and kept in
 * memory (55 MB); every call shares that memory, so treat the arrays as read-only.
 *
 * A limit takes the first images in the order of the files, where the classes are mixed; a limit
 * beyond the size takes all. (The first 5,000 test images of MNIST are the easier half.)
 *
 * @throws Error when the name is unknown, a limit is not a whole number > 0, the files are not found
 *   (the message says where they were looked for and what to do), or they differ from the original
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
  const dataset = await readOnce(name, options.folder);
  const limited = (set: ImageSet, limit = set.count): ImageSet => firstImages(set, limit);
  return {
    ...dataset,
    train: limited(dataset.train, trainLimit),
    test: limited(dataset.test, testLimit),
  };
}

async function readOnce(name: DatasetName, folder?: string): Promise<Dataset> {
  const folders = name === 'fashion-mnist' ? fashionMnistFolders(folder) : [];
  const key = [name, ...folders].join('\n');
  const reading = loaded.get(key) ?? read(name, folders);
  loaded.set(key, reading);
  // A failure is not kept: the reader may put the files in place and try again.
  reading.catch(() => loaded.delete(key));
  return reading;
}

async function read(name: DatasetName, folders: string[]): Promise<Dataset> {
  switch (name) {
    case 'mnist':
      return readMnist();
    case 'fashion-mnist':
      return readFashionMnist(folders);
    default:
      throw new Error(`loadDataset: name must be 'mnist' or 'fashion-mnist', got '${name}'`);
  }
}
