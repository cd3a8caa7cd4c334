import { expect, it } from 'vitest';
import { fastPng } from '../figure/packages';
import { spriteOf } from './sprite';

/** `count` images, each of pixels that grow to the right and downwards. */
function slopes(count: number, height: number, width: number): Uint8Array {
  return Uint8Array.from({ length: count * height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width) % height, i % width];
    return 2 * x + 4 * y;
  });
}

it('a sprite that would be too large has smaller images, each pixel a mean', () => {
  // 820 x 820 pixels: ten in a row are too wide, halves are not.
  const images = slopes(101, 820, 5);
  const { png, imageWidth, imageHeight } = spriteOf({ images, height: 820, width: 5 }, false);
  expect({ imageWidth, imageHeight }).toEqual({ imageWidth: 3, imageHeight: 410 });
  const { width, height, data } = fastPng.decode(png);
  expect([width, height]).toEqual([11 * 3, 11 * 410]);
  // Mean of 0, 2 and, a row below, 4, 6; and at the edge, where blocks are one pixel wide, 8 and 12.
  expect([...data.slice(0, 3)]).toEqual([3, 7, 10]);
  expect([...data.slice(3, 6)]).toEqual([3, 7, 10]);
});

it('a sprite holds as many images as fit', () => {
  const of = (count: number, height: number): [number, number] => {
    const images = new Uint8Array(count * height);
    const sprite = spriteOf({ images, height, width: 1 }, false);
    return [sprite.imageHeight, fastPng.decode(sprite.png).height];
  };
  expect(of(1, 8192)).toEqual([8192, 8192]);
  expect(of(1, 8193)).toEqual([4097, 4097]);
  expect(of(4, 4096)).toEqual([4096, 8192]);
  expect(of(292 ** 2 + 1, 28)).toEqual([14, 4102]);
  expect(of(9, 4 * 2730)).toEqual([2730, 8190]);
  expect(() => of(9, 4 * 2730 + 1)).toThrow(
    'sprite: 9 images of 10921 x 1 pixels do not fit into 8192 x 8192 at a quarter of their size',
  );
});
