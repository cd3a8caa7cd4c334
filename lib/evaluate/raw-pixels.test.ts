import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data/load-dataset';
import { rawPixelBaseline, rawPixels } from './raw-pixels';

describe('rawPixels', () => {
  it('is one row of values in [0, 1] per image', async () => {
    const { test } = await loadDataset('mnist', { testLimit: 3 });
    const { data, shape } = rawPixels(test);
    expect(shape).toEqual([3, 784]);
    expect(data[784 + 400]).toBe(Math.fround(test.images[784 + 400] / 255));
    expect(Math.max(...data)).toBe(1);
  });
});

describe('rawPixelBaseline', () => {
  it('finds most digits with few examples', async () => {
    const mnist = await loadDataset('mnist');
    const few = await rawPixelBaseline(mnist, { queries: 200, references: 1000 });
    // 1-NN with 1,000 examples is right for about 83 to 87 % of the first test images.
    expect(few).toBeGreaterThan(0.78);
    expect(few).toBeLessThan(0.92);
    const threeVotes = await rawPixelBaseline(mnist, { queries: 200, references: 1000, k: 3 });
    expect(Math.abs(threeVotes - few)).toBeLessThan(0.06);
  });
});
