import { escapeMarkup } from './escape';
import type { Figure } from './figure';
import { frame, frameSvg, padding, type Frame } from './frame';
import { figureHtml, inlineStyle } from './html';
import { fastPng } from './packages';
import { ink } from './palette';
import { svgToPng } from './still';
import { decimal, svgText } from './svg';
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

interface Grid {
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
interface Cell {
  x: number;
  y: number;
  caption: string;
  hover: string;
  frame: string | null;
}

/**
 * Images in a grid, pixel for pixel (nothing is smoothed). The interactive form is HTML with all
 * images in one PNG; each says its name when the pointer is over it.
 *
 * @throws RangeError when `images` does not divide into images of height x width, when `captions`,
 *   `hover` or `frames` has not one entry for each, or when a size is not a positive whole number
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
  return count;
}

function layOutGrid(options: ImageGridOptions, count: number): Grid {
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

function gridHtml(grid: Grid): string {
  const { sprite, width, height, cells, cellWidth, cellHeight } = grid;
  const picture =
    `<img src="${sprite}" width="${width}" height="${height}" alt="" ` +
    `style="display:block;max-width:none;margin:0;image-rendering:pixelated">`;
  const spans = cells.map(({ x, y, caption, hover, frame: color }) => {
    const style = inlineStyle({
      position: 'absolute',
      left: `${x}px`,
      top: `${y}px`,
      width: `${cellWidth}px`,
      height: `${cellHeight}px`,
      ...(color ? { outline: `2px solid ${color}` } : {}),
    });
    const word = caption
      ? `<span style="${inlineStyle({
          position: 'absolute',
          top: 'calc(100% + 1px)',
          left: '-8px',
          right: '-8px',
          'text-align': 'center',
          'white-space': 'nowrap',
          font: `${textSize.small}px/14px system-ui,sans-serif`,
        })}">${escapeMarkup(caption)}</span>`
      : '';
    return `<span title="${escapeMarkup(hover)}" style="${style}">${word}</span>`;
  });
  const box = `position:relative;width:${width}px;height:${height}px`;
  return figureHtml(grid, `<div style="${box}">${picture}${spans.join('')}</div>`);
}

function drawGrid({
  frame: f,
  sprite,
  width,
  height,
  cells,
  cellWidth,
  cellHeight,
}: Grid): Uint8Array {
  const { left, top } = f.plot;
  const picture =
    `<image x="${left}" y="${decimal(top)}" width="${width}" height="${height}" ` +
    `image-rendering="optimizeSpeed" preserveAspectRatio="none" xlink:href="${sprite}"/>`;
  const marks = cells.map(({ x, y, caption, frame: color }) => {
    const outline = color
      ? `<rect x="${left + x - 1}" y="${decimal(top + y - 1)}" width="${cellWidth + 2}" ` +
        `height="${cellHeight + 2}" fill="none" stroke="${escapeMarkup(color)}" stroke-width="2"/>`
      : '';
    const word = caption
      ? svgText(left + x + cellWidth / 2, top + y + cellHeight + 12, caption, {
          size: textSize.small,
          color: ink.text,
          anchor: 'middle',
        })
      : '';
    return outline + word;
  });
  return svgToPng(frameSvg(f, picture + marks.join('')));
}
