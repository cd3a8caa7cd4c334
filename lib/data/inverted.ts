import type { ImageSet } from './dataset';

/** Options of `inverted`. */
export interface InvertedOptions {
  /**
   * Whether to stretch the contrast of every image by itself, so that its darkest pixel becomes 0
   * and its brightest 255; an image of a single grey value becomes 0. Default: false.
   */
  stretch?: boolean;
}

/**
 * The images with black and white exchanged, 255 - x, as a new set; the labels are shared.
 *
 * MNIST and Fashion-MNIST are white on black. The study of softmax against triplet loss on
 * Fashion-MNIST trained on PNG files that were inverted and, as each was saved, stretched to the full
 * range. Most of such an image is bright, so the first layer begins with much larger inputs:
 * `inverted(set, { stretch: true })` lets its conditions be repeated.
 */
export function inverted(set: ImageSet, { stretch = false }: InvertedOptions = {}): ImageSet {
  const images = set.images.map((x) => 255 - x);
  if (stretch) {
    const pixels = set.height * set.width;
    for (let from = 0; from < images.length; from += pixels) {
      stretchContrast(images.subarray(from, from + pixels));
    }
  }
  return { ...set, images };
}

/** (x - least) / (most - least) * 255, rounded, in place. */
function stretchContrast(image: Uint8Array): void {
  let least = 255;
  let most = 0;
  for (const x of image) {
    least = Math.min(least, x);
    most = Math.max(most, x);
  }
  const range = Math.max(most - least, 1);
  for (let i = 0; i < image.length; i++) image[i] = Math.round(((image[i] - least) * 255) / range);
}
