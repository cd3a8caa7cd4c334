import { type Dataset, firstImages, imageBatch, type ImageSet } from '../data/dataset';
import { type Matrix, matrix } from '../data/matrix';
import { knnAccuracy, type KnnOptions } from './knn';

/** The images themselves as embeddings: one row of pixels / 255 per image, [count, height * width]. */
export function rawPixels(set: ImageSet): Matrix {
  const everything = Int32Array.from({ length: set.count }, (_, i) => i);
  return matrix(imageBatch(set, everything), [set.count, set.height * set.width]);
}

/** Options of `rawPixelBaseline`. */
export interface RawPixelOptions extends KnnOptions {
  /** Search with only the first so many test images. Default: all. */
  queries?: number;
  /** Search in only the first so many training images. Default: all. */
  references?: number;
}

/**
 * The k-NN accuracy that takes no learning at all: test images searched in the training images by
 * the Euclidean distance of their pixels. What an embedding must beat.
 *
 * With all of MNIST that is 10,000 x 60,000 distances of 784 pixels, about a minute on one core.
 *
 * @throws the signal's reason when it aborts
 */
export async function rawPixelBaseline(
  dataset: Dataset,
  options: RawPixelOptions = {},
): Promise<number> {
  const { queries = Infinity, references = Infinity, ...knn } = options;
  const [test, train] = [
    firstImages(dataset.test, queries),
    firstImages(dataset.train, references),
  ];
  return knnAccuracy(
    { embeddings: rawPixels(test), labels: test.labels },
    { embeddings: rawPixels(train), labels: train.labels },
    knn,
  );
}
