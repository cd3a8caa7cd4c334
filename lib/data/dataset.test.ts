import { describe, expect, it } from 'vitest';
import { firstImages, imageBatch, type ImageSet, labelBatch, subset } from './dataset';

const set: ImageSet = {
  images: Uint8Array.from([0, 51, 102, 153, 204, 255]),
  labels: Uint8Array.from([7, 8, 9]),
  count: 3,
  height: 1,
  width: 2,
};

describe('subset', () => {
  it('copies the images and labels in the order asked for', () => {
    const chosen = subset(set, [2, 0, 2]);
    expect(chosen).toEqual({
      images: Uint8Array.from([204, 255, 0, 51, 204, 255]),
      labels: Uint8Array.from([9, 7, 9]),
      count: 3,
      height: 1,
      width: 2,
    });
    chosen.images[0] = 1;
    expect(set.images[4]).toBe(204);
  });

  it('may be empty', () => {
    expect(subset(set, []).count).toBe(0);
  });
});

describe('firstImages', () => {
  it('takes a prefix, or all where there are fewer', () => {
    expect(firstImages(set, 2)).toEqual(subset(set, [0, 1]));
    expect(firstImages(set, 99)).toEqual(set);
  });
});

describe('imageBatch and labelBatch', () => {
  it('give pixels in [0, 1] and labels', () => {
    expect([...imageBatch(set, [1, 0])]).toEqual([0.4, 0.6, 0, 0.2].map(Math.fround));
    expect(imageBatch(set, [2])[1]).toBe(1);
    expect(labelBatch(set, Int32Array.from([1, 2]))).toEqual(Int32Array.from([8, 9]));
  });

  it('fill the array they are given', () => {
    const out = new Float32Array(4);
    expect(imageBatch(set, [1, 0], out)).toBe(out);
    expect(out).toEqual(imageBatch(set, [1, 0]));
    expect(() => imageBatch(set, [1], out)).toThrow(
      'imageBatch: out must have 1 x 2 values, got 4',
    );
  });

  it.each([-1, 3, 0.5, NaN])('refuse the index %d', (index) => {
    for (const use of [imageBatch, labelBatch, subset]) {
      expect(() => use(set, [0, index])).toThrow(
        `${use.name}: index must be a whole number from 0 to 2, got ${index}`,
      );
    }
  });
});
