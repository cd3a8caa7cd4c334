import type { Figure } from './figure';
import { gridHtml } from './image-grid-html';
import { layOutGrid, type ImageGridOptions } from './image-grid-layout';
import { drawGrid } from './image-grid-still';
import { isColor } from './palette';

export type { ImageGridOptions } from './image-grid-layout';

/**
 * Images in a grid, pixel for pixel (nothing is smoothed). The interactive form is HTML with all
 * images in one PNG; each says its name when the pointer is over it.
 *
 * @throws RangeError when `images` does not divide into images of height x width, when `captions`,
 *   `hover` or `frames` has not one entry for each, when a frame is not '#rrggbb', or when a
 *   size is not a positive whole number
 */
export function imageGrid(options: ImageGridOptions): Figure {
  const count = check(options);
  const grid = layOutGrid(options, count);
  return {
    alt: `${options.title}: ${count} images of ${options.width} x ${options.height} pixels.`,
    width: grid.frame.width,
    height: grid.frame.height,
    interactive: { html: gridHtml(grid) },
    png: () => drawGrid(grid),
  };
}

function check(options: ImageGridOptions): number {
  const { images, height, width, columns = 1, scale = 1 } = options;
  for (const [name, value] of Object.entries({ height, width, columns, scale })) {
    if (!(Number.isInteger(value) && value > 0)) {
      throw new RangeError(`imageGrid: ${name} must be a whole number above 0, got ${value}`);
    }
  }
  const count = images.length / (height * width);
  if (!Number.isInteger(count)) {
    throw new RangeError(
      `imageGrid: images must hold n x ${height} x ${width} values, got ${images.length}`,
    );
  }
  for (const name of ['captions', 'hover', 'frames'] as const) {
    const entries = options[name];
    if (entries && entries.length !== count) {
      throw new RangeError(`imageGrid: ${name} must have ${count} entries, got ${entries.length}`);
    }
  }
  for (const color of options.frames ?? []) {
    if (color !== null && !isColor(color)) {
      throw new RangeError(`imageGrid: frames must be '#rrggbb' or null, got ${color}`);
    }
  }
  return count;
}
