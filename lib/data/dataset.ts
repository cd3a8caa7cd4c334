/** Grey images of one size with a class label each. Read-only by convention: sets share memory. */
export interface ImageSet {
  /** Pixel values 0 to 255, row-major, length count * height * width. */
  images: Uint8Array;
  /** Class of each image, an index into the dataset's `classNames`; length count. */
  labels: Uint8Array;
  /** Number of images. */
  count: number;
  /** Pixels from top to bottom. */
  height: number;
  /** Pixels from left to right. */
  width: number;
}

/** A collection of labelled images, split by its publisher into a training and a test set. */
export interface Dataset {
  /** 'mnist' or 'fashion-mnist'. */
  name: string;
  /** What each label means, for a reader. */
  classNames: string[];
  /** The images to train with. */
  train: ImageSet;
  /** The images to test with. */
  test: ImageSet;
  /** Where the bytes came from, for a reader. */
  source: string;
  /** Whether this is only a small sample of the dataset. */
  isSample: boolean;
  /** SHA-256 (hex) over the checksums of the files: identifies the data, whatever the limits. */
  digest: string;
}

/**
 * The images at `indices`, in that order, as a new set (a copy).
 *
 * @throws RangeError when an index is not that of an image
 */
export function subset(set: ImageSet, indices: ArrayLike<number>): ImageSet {
  const pixels = set.height * set.width;
  const images = new Uint8Array(indices.length * pixels);
  const labels = new Uint8Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = checkedIndex('subset', set, indices[i]);
    images.set(set.images.subarray(index * pixels, (index + 1) * pixels), i * pixels);
    labels[i] = set.labels[index];
  }
  return { ...set, images, labels, count: indices.length };
}

/** The first `count` images of `set` (all, when it has no more), as a view on its memory. */
export function firstImages(set: ImageSet, count: number): ImageSet {
  const taken = Math.min(count, set.count);
  const images = set.images.subarray(0, taken * set.height * set.width);
  return { ...set, images, labels: set.labels.subarray(0, taken), count: taken };
}

/**
 * The images at `indices` as network input: pixels / 255, so in [0, 1], as float32 of shape
 * [indices.length, height, width, 1], row-major (NHWC with one channel).
 *
 * @param out receives the values if given; its length must be indices.length * height * width
 * @throws RangeError when an index is not that of an image, or `out` has another length
 */
export function imageBatch(
  set: ImageSet,
  indices: ArrayLike<number>,
  out: Float32Array = new Float32Array(indices.length * set.height * set.width),
): Float32Array {
  const pixels = set.height * set.width;
  if (out.length !== indices.length * pixels) {
    throw new RangeError(
      `imageBatch: out must have ${indices.length} x ${pixels} values, got ${out.length}`,
    );
  }
  for (let i = 0; i < indices.length; i++) {
    const from = checkedIndex('imageBatch', set, indices[i]) * pixels;
    const to = i * pixels;
    for (let p = 0; p < pixels; p++) out[to + p] = set.images[from + p] / 255;
  }
  return out;
}

/**
 * The labels of the images at `indices` (int32, length indices.length).
 *
 * @throws RangeError when an index is not that of an image
 */
export function labelBatch(set: ImageSet, indices: ArrayLike<number>): Int32Array {
  const labels = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    labels[i] = set.labels[checkedIndex('labelBatch', set, indices[i])];
  }
  return labels;
}

function checkedIndex(caller: string, set: ImageSet, index: number): number {
  if (Number.isInteger(index) && index >= 0 && index < set.count) return index;
  throw new RangeError(
    `${caller}: index must be a whole number from 0 to ${set.count - 1}, got ${index}`,
  );
}
