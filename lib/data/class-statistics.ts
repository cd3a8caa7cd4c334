import type { ImageSet } from './dataset';
import { itemsByClass } from './items-by-class';

/** What the images of one class have in common. */
export interface ClassStatistics {
  /** The class. */
  label: number;
  /** Its images. */
  count: number;
  /** Mean of all their pixels, in [0, 255]. */
  meanIntensity: number;
  /** Mean Euclidean length of an image as the network sees it, pixels / 255. */
  meanNorm: number;
  /** [height, width]: the mean of each pixel over the images, rounded. */
  meanImage: Uint8Array;
}

/** The statistics of the classes that come up in a set of images, by label. */
export function classStatistics(set: ImageSet): ClassStatistics[] {
  return Array.from(itemsByClass(set.labels), ([label, items]) => statisticsOf(set, label, items));
}

function statisticsOf(
  { images, height, width }: ImageSet,
  label: number,
  items: number[],
): ClassStatistics {
  const pixels = height * width;
  const sums = new Float64Array(pixels);
  let norms = 0;
  for (const item of items) {
    let squares = 0;
    for (let p = 0; p < pixels; p++) {
      const value = images[item * pixels + p];
      sums[p] += value;
      squares += value * value;
    }
    norms += Math.sqrt(squares) / 255;
  }
  const count = items.length;
  return {
    label,
    count,
    meanIntensity: sums.reduce((total, sum) => total + sum, 0) / (count * pixels),
    meanNorm: norms / count,
    meanImage: Uint8Array.from(sums, (sum) => Math.round(sum / count)),
  };
}
