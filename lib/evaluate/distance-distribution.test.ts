import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { randomInteger, randomNormal, seededRandom } from '../data/random';
import { distanceDistribution } from './distance-distribution';

const random = seededRandom(4);
const COUNT = 150;
const items = {
  embeddings: matrix(
    Float32Array.from({ length: COUNT * 3 }, () => randomNormal(random)),
    [COUNT, 3],
  ),
  labels: Int32Array.from({ length: COUNT }, () => randomInteger(random, 4)),
};

/** All pairs in a plain loop. */
function pairs(): { distance: number; same: boolean }[] {
  const { embeddings, labels } = items;
  const point = (i: number): Float32Array => embeddings.data.subarray(3 * i, 3 * i + 3);
  const found: { distance: number; same: boolean }[] = [];
  for (let i = 0; i < COUNT; i++) {
    for (let j = 0; j < i; j++) {
      const distance = Math.hypot(...point(i).map((x, c) => x - point(j)[c]));
      found.push({ distance, same: labels[i] === labels[j] });
    }
  }
  return found;
}

describe('distanceDistribution', () => {
  it('agrees with a plain loop over all pairs', async () => {
    const bins = 20;
    const longest = 5;
    const { distances, sameClass, differentClass, mean } = await distanceDistribution(items, {
      bins,
      longest,
    });
    const width = longest / bins;
    for (const [densities, same] of [
      [sameClass, true],
      [differentClass, false],
    ] as const) {
      const chosen = pairs().filter((pair) => pair.same === same);
      densities.forEach((density, bin) => {
        const inBin = chosen.filter(
          ({ distance }) => Math.min(bins - 1, Math.floor(distance / width)) === bin,
        );
        expect(density).toBeCloseTo(inBin.length / chosen.length / width, 6);
        expect(distances[bin]).toBeCloseTo((bin + 0.5) * width, 12);
      });
      const average = chosen.reduce((sum, { distance }) => sum + distance, 0) / chosen.length;
      expect(same ? mean.sameClass : mean.differentClass).toBeCloseTo(average, 5);
    }
  });

  it('refuses items that are all of one class', async () => {
    const labels = new Int32Array(COUNT);
    await expect(distanceDistribution({ ...items, labels })).rejects.toThrow(/pairs of both kinds/);
  });
});
