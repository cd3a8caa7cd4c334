import { subset, type Dataset } from '../data/dataset';
import { permutation, seededRandom } from '../data/random';
import { figureTitle } from './data-notice';
import type { Figure } from './figure';
import { imageGrid } from './image-grid';

/** Options of `randomImages`. */
export interface RandomImagesOptions {
  /** Which images. Default 'test'. */
  set?: 'train' | 'test';
  /** How many. Default 100. */
  count?: number;
  /** Of the choice; one seed chooses the same places of sets of one size. Default 1. */
  seed?: number;
  /** Whether to swap dark and light, so that what is bright stands dark on white. Default true. */
  invert?: boolean;
  /** Default: '100 random test images of mnist'. */
  title?: string;
}

/** A grid of random images, each with its class as hover text. */
export function randomImages(
  dataset: Dataset,
  { set = 'test', count = 100, seed = 1, invert = true, title }: RandomImagesOptions = {},
): Figure {
  const chosen = permutation(dataset[set].count, seededRandom(seed)).subarray(0, count);
  const { images, labels, height, width } = subset(dataset[set], chosen);
  const kind = set === 'train' ? 'training' : 'test';
  return imageGrid({
    title: figureTitle(
      title ?? `${chosen.length} random ${kind} images of ${dataset.name}`,
      dataset,
    ),
    images,
    height,
    width,
    columns: 20,
    scale: 1,
    invert,
    hover: Array.from(labels, (label) => dataset.classNames[label]),
  });
}
