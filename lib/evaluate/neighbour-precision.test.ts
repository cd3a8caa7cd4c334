import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { randomInteger, randomNormal, seededRandom } from '../data/random';
import { neighbourPrecision } from './neighbour-precision';
import { nearestNeighbours } from './neighbours';
import { retrievalMetrics } from './retrieval';

describe('neighbourPrecision', () => {
  const neighbours = {
    indices: Int32Array.of(0, 1, 2, 3, 1, 0),
    distances: new Float32Array(6),
    k: 2,
  };

  it('is the share of neighbours of the class of their query, of all and of each class', () => {
    expect(neighbourPrecision(neighbours, [5, 5, 6], [5, 6, 5, 5])).toEqual({
      precision: 4 / 6,
      perClass: { 5: 3 / 4, 6: 1 / 2 },
    });
  });

  it('is precision@1 for one neighbour', async () => {
    const random = seededRandom(1);
    const embeddings = matrix(
      Float32Array.from({ length: 180 }, () => randomNormal(random)),
      [60, 3],
    );
    const labels = Int32Array.from({ length: 60 }, () => randomInteger(random, 4));
    const nearest = await nearestNeighbours(embeddings, embeddings, 1, { excludeSelf: true });
    const { precision, perClass } = neighbourPrecision(nearest, labels, labels);
    const expected = await retrievalMetrics({ embeddings, labels });
    expect(precision).toBeCloseTo(expected.precisionAt1, 12);
    for (const [label, metrics] of Object.entries(expected.perClass)) {
      expect(perClass[Number(label)]).toBeCloseTo(metrics.precisionAt1, 12);
    }
  });

  it('refuses labels of other queries', () => {
    expect(() => neighbourPrecision(neighbours, [5, 5], [5, 6, 5, 5])).toThrow(
      'neighbourPrecision: queryLabels must have a label for each of the 3 queries, got 2',
    );
  });
});
