import { describe, expect, it } from 'vitest';
import type { Dataset, ImageSet } from '../data/dataset';
import { projectPath } from '../data/project';
import { dataNotice, figureTitle } from './data-notice';
import { randomImages } from './random-images';

const imageSet = (count: number): ImageSet => ({
  images: new Uint8Array(count * 4),
  labels: new Uint8Array(count),
  count,
  height: 2,
  width: 2,
});

const dataset = (train: number, test: number, isSample = false): Dataset => ({
  name: 'fashion-mnist',
  classNames: ['shirt'],
  train: imageSet(train),
  test: imageSet(test),
  source: `${projectPath('data')}: the files`,
  isSample,
  digest: '',
});

describe('dataNotice', () => {
  it('counts the images and names their source, the project folder left out', () => {
    expect(dataNotice(dataset(60_000, 10_000)).alt).toBe(
      'fashion-mnist: 60000 training and 10000 test images. From ./data: the files.',
    );
  });

  it('says when images are missing', () => {
    for (const [train, test] of [
      [2_000, 10_000],
      [60_000, 500],
    ]) {
      const { alt, interactive } = dataNotice(dataset(train, test));
      expect(alt).toMatch(/^fashion-mnist \(sample\): .* are of these images alone/);
      expect(alt).not.toContain('data download');
      expect('html' in interactive && interactive.html).toContain('fashion-mnist: only a sample');
    }
  });

  it('says how to get the rest where there is only the sample', () => {
    expect(dataNotice(dataset(10_000, 2_000, true)).alt).toContain(
      "run 'tripletlab data download'",
    );
  });
});

describe('figureTitle', () => {
  it('marks the figures of a sample alone', () => {
    expect(figureTitle('UMAP', dataset(60_000, 10_000))).toBe('UMAP');
    expect(figureTitle('UMAP', dataset(10_000, 2_000))).toBe('UMAP (sample)');
  });
});

describe('randomImages', () => {
  it('says which images, how many there are, and whether of a sample', () => {
    expect(randomImages(dataset(30, 20)).alt).toMatch(
      /^20 random test images of fashion-mnist \(sample\): 20 images/,
    );
    expect(randomImages(dataset(60_000, 10_000), { set: 'train', count: 7 }).alt).toMatch(
      /^7 random training images of fashion-mnist: 7 images/,
    );
    expect(randomImages(dataset(60_000, 10_000), { title: 'Bags' }).alt).toMatch(/^Bags: 100 /);
  });
});
