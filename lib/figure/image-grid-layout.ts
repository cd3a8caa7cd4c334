import { frame, padding, type Frame } from './frame';
import { fastPng } from './packages';
import { shorten, textSize } from './text';

/** Grey images of one size, shown in rows. */
export interface ImageGridOptions {
  title: string;
  /** [n, height, width]: grey values, 0 is black. */
  images: Uint8Array;
  /** Rows of pixels of each image. */
  height: number;
  /** Columns of pixels of each image. */
  width: number;
  /** [n]: a word below each image; default none. */
  captions?: readonly string[];
  /** [n]: what an image says when the pointer is over it; default: its caption or number. */
  hover?: readonly string[];
  /** [n]: the colour of the frame round each image ('#rrggbb'), or null for none; default none. */
  frames?: readonly (string | null)[];
  /** Images in a row; default 10. */
  columns?: number;
  /** CSS pixels for each pixel of an image, a whole number; default: an image is about 56 wide. */
  scale?: number;
  /** Whether to swap dark and light, so that digits stand dark on white; default false. */
  invert?: boolean;
  /** Small print under the grid; default none. */
  caption?: string;
}

/** A grid with everything decided that both forms have in common. */
export interface Grid {
  frame: Frame;
  title: string;
  caption: string;
  /** All images in one PNG, at their own resolution, with white between them. */
  sprite: string;
  /** Size of the grid in CSS pixels. */
  width: number;
  height: number;
  cells: Cell[];
  /** Size of each image in CSS pixels. */
  cellWidth: number;
  cellHeight: number;
}

/** One image: where it stands in the grid, in CSS pixels, and what belongs to it. */
export interface Cell {
  x: number;
  y: number;
  caption: string;
  hover: string;
  frame: string | null;
}

/** Finds the place of each image and makes the sprite. */
export function layOutGrid(options: ImageGridOptions, count: number): Grid {
  const { title, caption = '', height, width, captions, hover, frames } = options;
  const scale = options.scale ?? Math.max(1, Math.round(56 / width));
  const columns = Math.min(options.columns ?? 10, Math.max(1, count));
  // In pixels of the images, so that the sprite lies on the grid exactly.
  const gap = Math.ceil(8 / scale);
  const below = captions ? Math.ceil(14 / scale) : 0;
  const [pitchX, pitchY] = [width + gap, height + below + gap];

  const cells = Array.from({ length: count }, (_, i): Cell => {
    const caption = captions?.[i] ?? '';
    return {
      x: (i % columns) * pitchX * scale,
      y: Math.floor(i / columns) * pitchY * scale,
      caption: shorten(caption, textSize.small, pitchX * scale),
      hover: hover?.[i] ?? (caption || `image ${i}`),
      frame: frames?.[i] ?? null,
    };
  });
  const spriteWidth = Math.max(1, columns * pitchX - gap);
  const spriteHeight = Math.max(1, Math.ceil(count / columns) * pitchY - gap);
  const figureWidth = Math.max(320, spriteWidth * scale + 2 * padding);
  return {
    frame: frame({
      title,
      caption,
      width: figureWidth,
      height: { plot: spriteHeight * scale + 4 },
    }),
    title,
    caption,
    sprite: encodeSprite(options, count, columns, [pitchX, pitchY], [spriteWidth, spriteHeight]),
    width: spriteWidth * scale,
    height: spriteHeight * scale,
    cells,
    cellWidth: width * scale,
    cellHeight: height * scale,
  };
}

/** The images side by side as the data URI of a PNG. */
function encodeSprite(
  { images, height, width, invert = false }: ImageGridOptions,
  count: number,
  columns: number,
  [pitchX, pitchY]: [number, number],
  [spriteWidth, spriteHeight]: [number, number],
): string {
  const data = new Uint8Array(spriteWidth * spriteHeight).fill(255);
  for (let i = 0; i < count; i++) {
    const corner = Math.floor(i / columns) * pitchY * spriteWidth + (i % columns) * pitchX;
    for (let y = 0; y < height; y++) {
      const start = (i * height + y) * width;
      const line = images.subarray(start, start + width);
      data.set(invert ? line.map((value) => 255 - value) : line, corner + y * spriteWidth);
    }
  }
  const png = fastPng.encode({ width: spriteWidth, height: spriteHeight, data, channels: 1 });
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
