import type { ImageSet } from '../data/dataset';
import { fastPng } from '../figure/packages';

/** Grey images of one size, one for each point. */
export type SpriteImages = Pick<ImageSet, 'images' | 'height' | 'width'>;

/** All images of a projector in one. */
export interface Sprite {
  /** A grey PNG. */
  png: Uint8Array;
  /** Size of each image in it, in pixels. */
  imageWidth: number;
  imageHeight: number;
}

/** The largest side that the projector takes, in pixels. */
const LIMIT = 8192;

/** The most that a side of an image is divided by. */
const SMALLEST = 4;

/**
 * The images in a square grid, row by row from the upper left corner; places left over are black. The
 * projector takes rows and columns to be of one number. Where the grid would exceed 8,192 pixels
 * a side, the images are reduced by 2, 3 or 4, every pixel the mean of those that it stands for:
 * images of 28 x 28 fit in full up to 85,264, and by halves up to 342,225.
 *
 * @param invert whether to exchange black and white
 * @throws RangeError when there are more images than fit at a quarter of their size
 */
export function spriteOf(set: SpriteImages, invert: boolean): Sprite {
  const { height, width } = set;
  const count = set.images.length / (height * width);
  const columns = Math.ceil(Math.sqrt(count));
  const factor = Math.ceil(Math.max(height, width) / Math.floor(LIMIT / columns));
  if (!(factor <= SMALLEST)) {
    throw new RangeError(
      `sprite: ${count} images of ${height} x ${width} pixels do not fit into ${LIMIT} x ${LIMIT} ` +
        `at a quarter of their size`,
    );
  }
  const small = factor > 1 ? reduced(set, factor) : set;
  const side = { width: columns * small.width, height: columns * small.height };
  const data = new Uint8Array(side.width * side.height);
  for (let i = 0; i < count; i++) {
    const corner =
      Math.floor(i / columns) * small.height * side.width + (i % columns) * small.width;
    for (let y = 0; y < small.height; y++) {
      const from = (i * small.height + y) * small.width;
      const line = small.images.subarray(from, from + small.width);
      data.set(invert ? line.map((x) => 255 - x) : line, corner + y * side.width);
    }
  }
  return {
    png: fastPng.encode({ ...side, data, channels: 1 }),
    imageWidth: small.width,
    imageHeight: small.height,
  };
}

/** The images with blocks of `factor` x `factor` pixels made one, smaller blocks at the far edges. */
function reduced({ images, height, width }: SpriteImages, factor: number): SpriteImages {
  const count = images.length / (height * width);
  const small = { height: Math.ceil(height / factor), width: Math.ceil(width / factor) };
  const means = new Uint8Array(count * small.height * small.width);
  for (let i = 0; i < count; i++) {
    for (let y = 0; y < small.height; y++) {
      for (let x = 0; x < small.width; x++) {
        let sum = 0;
        let pixels = 0;
        for (let v = y * factor; v < Math.min((y + 1) * factor, height); v++) {
          for (let u = x * factor; u < Math.min((x + 1) * factor, width); u++) {
            sum += images[(i * height + v) * width + u];
            pixels++;
          }
        }
        means[(i * small.height + y) * small.width + x] = Math.round(sum / pixels);
      }
    }
  }
  return { images: means, ...small };
}
