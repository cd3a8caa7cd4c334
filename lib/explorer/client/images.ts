import type { Payload } from '../payload';
import { element } from './elements';

/** The images, cut from the sprite. */
export interface Images {
  /** Draws image `i` into a box of a canvas, as large as fits, in the middle. */
  draw(context: CanvasRenderingContext2D, i: number, box: Box): void;
  /** A picture of image `i` whose longer side is `side` CSS pixels. */
  thumbnail(i: number, side: number): HTMLCanvasElement;
  /** Draws every picture in `root` anew: the theme has changed. */
  refresh(root: ParentNode): void;
}

export interface Box {
  left: number;
  top: number;
  side: number;
}

/**
 * @param isDark whether the page is dark now; on a light one images are inverted, if the payload
 *   says so
 * @param onLoad is called once the images can be drawn
 */
export function createImages(
  { sprite, width, height, columns, invert }: Payload['images'],
  isDark: () => boolean,
  onLoad: () => void,
): Images {
  const picture = new Image();
  const longer = Math.max(width, height);

  function draw(context: CanvasRenderingContext2D, i: number, { left, top, side }: Box): void {
    if (!picture.complete) return;
    const scale = side / longer;
    const place = [
      left + (side - width * scale) / 2,
      top + (side - height * scale) / 2,
      width * scale,
      height * scale,
    ] as const;
    const [x, y] = [(i % columns) * width, Math.floor(i / columns) * height];
    context.drawImage(picture, x, y, width, height, ...place);
    if (invert && !isDark()) {
      context.globalCompositeOperation = 'difference';
      context.fillStyle = '#fff';
      context.fillRect(...place);
      context.globalCompositeOperation = 'source-over';
    }
  }

  function paint(canvas: HTMLCanvasElement): void {
    const context = canvas.getContext('2d');
    context?.clearRect(0, 0, canvas.width, canvas.height);
    if (context) draw(context, Number(canvas.dataset.image), { left: 0, top: 0, side: longer });
  }

  function refresh(root: ParentNode): void {
    root.querySelectorAll<HTMLCanvasElement>('canvas[data-image]').forEach(paint);
  }

  picture.addEventListener('load', onLoad);
  picture.src = sprite;
  return {
    draw,
    refresh,
    thumbnail(i, side) {
      const canvas = element('canvas', {
        class: 'thumbnail',
        'data-image': String(i),
        width: String(longer),
        height: String(longer),
        style: `width:${side}px;height:${side}px`,
        'aria-hidden': 'true',
      });
      paint(canvas);
      return canvas;
    },
  };
}
