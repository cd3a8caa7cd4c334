import { subset, type Dataset } from '../data/dataset';
import { permutation, seededRandom } from '../data/random';
import type { Figure } from './figure';
import { imageGrid } from './image-grid';

/** A grid of random test images, dark on light, each with its class as hover text. */
export function randomImages(dataset: Dataset, { count = 100, seed = 1 } = {}): Figure {
  const { test, classNames } = dataset;
  const chosen = permutation(test.count, seededRandom(seed)).subarray(0, count);
  const { images, labels, height, width } = subset(test, chosen);
  return imageGrid({
    title: `${chosen.length} random test images of ${dataset.name}`,
    images,
    height,
    width,
    columns: 20,
    scale: 1,
    invert: true,
    hover: Array.from(labels, (label) => classNames[label]),
  });
}
