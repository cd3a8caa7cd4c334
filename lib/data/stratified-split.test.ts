import { describe, expect, it } from 'vitest';
import { randomInteger, seededRandom } from './random';
import { stratifiedSplit } from './stratified-split';

function countOf(labels: number[], items: Int32Array, label: number): number {
  return items.filter((item) => labels[item] === label).length;
}

describe('stratifiedSplit', () => {
  it('holds out its share of every class, in two disjoint parts that make up the whole', () => {
    const random = seededRandom(1);
    for (let trial = 0; trial < 100; trial++) {
      const classes = 1 + randomInteger(random, 12);
      const labels = Array.from({ length: 20 + randomInteger(random, 500) }, () =>
        Math.floor(classes * random() ** 2),
      );
      const validationShare = 0.1 + 0.8 * random();
      const { train, validation } = stratifiedSplit(labels, { validationShare, seed: trial });
      expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...labels.keys()]);
      for (const part of [train, validation]) {
        expect([...part]).toEqual([...part].sort((a, b) => a - b));
      }
      for (const label of new Set(labels)) {
        const all = labels.filter((other) => other === label).length;
        expect(countOf(labels, validation, label)).toBe(Math.round(all * validationShare));
      }
    }
  });

  it('cuts 60,000 into 48,000 and 12,000, 1,200 of each class', () => {
    const labels = Array.from({ length: 60000 }, (_, i) => i % 10);
    const { train, validation } = stratifiedSplit(labels, { validationShare: 0.2, seed: 1 });
    expect([train.length, validation.length]).toEqual([48000, 12000]);
    for (let label = 0; label < 10; label++) expect(countOf(labels, validation, label)).toBe(1200);
  });

  it('is the same for one seed and another for another', () => {
    const labels = Array.from({ length: 200 }, (_, i) => i % 2);
    const split = (seed: number): number[] => [
      ...stratifiedSplit(labels, { validationShare: 0.5, seed }).validation,
    ];
    expect(split(7)).toEqual(split(7));
    expect(split(7)).not.toEqual(split(8));
  });

  it('draws every item about equally often, and each class by itself', () => {
    const labels = [0, 0, 0, 0, 1, 1, 1, 1];
    const counts = new Array<number>(8).fill(0);
    let alike = 0;
    for (let seed = 0; seed < 4000; seed++) {
      const { validation } = stratifiedSplit(labels, { validationShare: 0.25, seed });
      for (const item of validation) counts[item]++;
      if (validation[1] - validation[0] === 4) alike++;
    }
    for (const count of [...counts, alike]) expect(Math.abs(count - 1000)).toBeLessThan(140);
  });

  it.each([0, 1, -0.2, 1.5, NaN, Infinity])('refuses the share %d', (validationShare) => {
    expect(() => stratifiedSplit([0, 0], { validationShare, seed: 1 })).toThrow(
      `stratifiedSplit: validationShare must be > 0 and < 1, got ${validationShare}`,
    );
  });

  it('refuses to leave a part empty', () => {
    const split = (labels: number[], validationShare: number) => () =>
      stratifiedSplit(labels, { validationShare, seed: 1 });
    expect(split([0, 1, 2], 0.2)).toThrow(
      'stratifiedSplit: validationShare 0.2 of 3 items leaves none for validation',
    );
    expect(split([0, 1], 0.8)).toThrow('leaves none for train');
    expect(split([], 0.5)).toThrow('of 0 items leaves none');
  });
});
