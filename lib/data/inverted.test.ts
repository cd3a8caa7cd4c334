import { describe, expect, it } from 'vitest';
import type { ImageSet } from './dataset';
import { inverted } from './inverted';
import { seededRandom } from './random';

function setOf(images: number[][]): ImageSet {
  return {
    images: Uint8Array.from(images.flat()),
    labels: Uint8Array.from(images, (_, i) => i % 10),
    count: images.length,
    height: 1,
    width: images[0].length,
  };
}

describe('inverted', () => {
  it('exchanges black and white in a copy', () => {
    const set = setOf([
      [0, 255, 100],
      [1, 2, 3],
    ]);
    const result = inverted(set);
    expect([...result.images]).toEqual([255, 0, 155, 254, 253, 252]);
    expect([...set.images]).toEqual([0, 255, 100, 1, 2, 3]);
    expect(result).toMatchObject({ labels: set.labels, count: 2, height: 1, width: 3 });
    expect(inverted(result)).toEqual(set);
  });

  it('stretches every image by itself, if it is told to', () => {
    const set = setOf([
      [0, 100, 200],
      [10, 11, 12],
      [255, 0, 7],
    ]);
    const { images } = inverted(set, { stretch: true });
    // (255 - x - least) / (most - least) * 255, rounded: 100 / 200 * 255 = 127.5.
    expect([...images]).toEqual([255, 128, 0, 255, 128, 0, 0, 255, 248]);
  });

  it('gives every image that is not of one grey value the whole range, in reverse order', () => {
    const random = seededRandom(1);
    const images = Array.from({ length: 200 }, () => {
      const [from, range] = [random() * 128, random() * 127];
      return [from, ...Array.from({ length: 9 }, () => from + random() * range), from + 1];
    });
    const set = setOf(images);
    const stretched = inverted(set, { stretch: true });
    for (let i = 0; i < 200; i++) {
      const before = [...set.images.subarray(11 * i, 11 * i + 11)];
      const after = [...stretched.images.subarray(11 * i, 11 * i + 11)];
      expect([Math.min(...after), Math.max(...after)]).toEqual([0, 255]);
      const [least, most] = [Math.min(...before), Math.max(...before)];
      expect(after).toEqual(before.map((x) => Math.round(((most - x) * 255) / (most - least))));
    }
  });

  it('makes an image of one grey value black when it stretches', () => {
    const { images } = inverted(setOf([[7, 7, 7]]), { stretch: true });
    expect([...images]).toEqual([0, 0, 0]);
  });
});
