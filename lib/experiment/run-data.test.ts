import { describe, expect, it } from 'vitest';
import type { Dataset, ImageSet } from '../data/dataset';
import { buildSampler } from './build';
import { configuration, type Configuration } from './configuration';
import { preparedImages, runData } from './run-data';

/** `count` images of 2 x 1 pixels: their number modulo 256, and 200. Ten classes, mixed. */
function images(count: number): ImageSet {
  return {
    images: Uint8Array.from({ length: 2 * count }, (_, at) => (at % 2 ? 200 : (at / 2) % 256)),
    labels: Uint8Array.from({ length: count }, (_, i) => (7 * i) % 10),
    count,
    height: 1,
    width: 2,
  };
}

const DATASET: Dataset = {
  name: 'mnist',
  classNames: [...'0123456789'],
  train: images(250),
  test: images(40),
  source: 'made up',
  isSample: false,
  digest: 'none',
};

const numbersOf = ({ images: pixels }: ImageSet): number[] =>
  [...pixels].filter((_, i) => i % 2 === 0);

describe('runData', () => {
  const data = (settings: Partial<Configuration>): ReturnType<typeof runData> =>
    runData(DATASET, configuration(settings));

  it('validates on the test set unless images are held out', () => {
    const { train, validation, test } = data({});
    expect(train).toEqual(DATASET.train);
    expect(validation).toBe(test);
    expect(test).toEqual(DATASET.test);
  });

  it('holds the same share of every class out, and trains on the rest', () => {
    const { train, validation, test } = data({ validationShare: 0.2 });
    expect([train.count, validation.count]).toEqual([200, 50]);
    expect(test).toEqual(DATASET.test);
    for (let label = 0; label < 10; label++) {
      expect(validation.labels.filter((y) => y === label)).toHaveLength(5);
    }
    const all = [...numbersOf(train), ...numbersOf(validation)].sort((a, b) => a - b);
    expect(all).toEqual(numbersOf(DATASET.train));
    numbersOf(train).forEach((n, i) => expect(train.labels[i]).toBe(DATASET.train.labels[n]));
  });

  it('draws what is held out from the seed', () => {
    const heldOut = (seed: number): number[] =>
      numbersOf(data({ validationShare: 0.2, seed }).validation);
    expect(heldOut(1)).toEqual(heldOut(1));
    expect(heldOut(1)).not.toEqual(heldOut(2));
  });

  it('inverts what is trained on, validated with and tested on', () => {
    const plain = data({ validationShare: 0.2 });
    const inverted = data({ validationShare: 0.2, inverted: true });
    for (const part of ['train', 'validation', 'test'] as const) {
      expect([...inverted[part].images]).toEqual([...plain[part].images].map((x) => 255 - x));
      expect(inverted[part].labels).toEqual(plain[part].labels);
    }
  });
});

describe('preparedImages', () => {
  it('leaves images as they are, inverts them, or stretches them too', () => {
    const first = (inverted: Configuration['inverted']): number[] => [
      ...preparedImages(DATASET, { inverted }).train.images.subarray(20, 22),
    ];
    expect(first(false)).toEqual([10, 200]);
    expect(first(true)).toEqual([245, 55]);
    expect(first('stretched')).toEqual([255, 0]);
  });
});

describe('buildSampler', () => {
  const labelsOf = (settings: Partial<Configuration>, step: number): number[] => {
    const batch = buildSampler(configuration(settings), DATASET).batch(step);
    return [...batch].map((i) => DATASET.train.labels[i]);
  };
  const classes = (settings: Partial<Configuration>, step: number): number =>
    new Set(labelsOf(settings, step)).size;

  it("reads 'class_ordered' class by class through its buffer", () => {
    const settings = { sampling: 'class_ordered', batchSize: 20, shuffleBuffer: 5 } as const;
    expect(classes(settings, 0)).toBe(1);
    expect(labelsOf(settings, 0)).toEqual(Array(20).fill(0));
    expect(classes({ ...settings, shuffleBuffer: 250 }, 0)).toBeGreaterThan(4);
  });

  it("draws 'balanced' batches of P classes, other ones for every batch", () => {
    const settings = { sampling: 'balanced', batchSize: 64, classesPerBatch: 8 } as const;
    const drawn = [0, 1, 2, 3, 4].map((step) => {
      const labels = labelsOf(settings, step);
      const kinds = [...new Set(labels)].sort();
      for (const kind of kinds) expect(labels.filter((label) => label === kind)).toHaveLength(8);
      return kinds.join();
    });
    expect(drawn.every((kinds) => kinds.split(',').length === 8)).toBe(true);
    expect(new Set(drawn).size).toBeGreaterThan(1);
  });

  it("draws 'balanced' batches of all classes unless told otherwise", () => {
    expect(classes({ sampling: 'balanced', batchSize: 20 }, 3)).toBe(10);
  });
});
