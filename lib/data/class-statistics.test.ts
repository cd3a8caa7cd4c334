import { describe, expect, it } from 'vitest';
import { classStatistics } from './class-statistics';
import type { ImageSet } from './dataset';
import { inverted } from './inverted';
import { loadDataset } from './load-dataset';

function imageSet(images: number[], labels: number[], height: number, width: number): ImageSet {
  return {
    images: Uint8Array.from(images),
    labels: Uint8Array.from(labels),
    count: labels.length,
    height,
    width,
  };
}

describe('classStatistics', () => {
  it('averages over the images of each class, by label, absent classes left out', () => {
    const set = imageSet([255, 255, 0, 51, 204, 0], [3, 1, 3], 1, 2);
    expect(classStatistics(set)).toEqual([
      {
        label: 1,
        count: 1,
        meanIntensity: 25.5,
        meanNorm: 0.2,
        meanImage: Uint8Array.of(0, 51),
      },
      {
        label: 3,
        count: 2,
        meanIntensity: 178.5,
        meanNorm: (Math.SQRT2 + 0.8) / 2,
        meanImage: Uint8Array.of(230, 128),
      },
    ]);
  });

  it('is empty for no images', () => {
    expect(classStatistics(imageSet([], [], 28, 28))).toEqual([]);
  });

  it('adds up over the classes, and to 255 with the inverted images', async () => {
    const { test } = await loadDataset('mnist', { testLimit: 500 });
    const statistics = classStatistics(test);
    const mean = (of: typeof statistics): number =>
      of.reduce((sum, { count, meanIntensity }) => sum + count * meanIntensity, 0) / test.count;
    const all = test.images.reduce((sum, value) => sum + value, 0) / test.images.length;
    expect(mean(statistics)).toBeCloseTo(all, 9);
    expect(mean(classStatistics(inverted(test)))).toBeCloseTo(255 - all, 9);
  });
});
