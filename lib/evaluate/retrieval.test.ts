import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { type Random, randomInteger, randomNormal, seededRandom } from '../data/random';
import { isMissing, pythonModule, runPython } from '../data/require-peer';
import { knnAccuracy, knnPredictions } from './knn';
import type { LabelledEmbeddings } from './labelled-embeddings';
import { type RetrievalMetrics, retrievalMetrics } from './retrieval';

/** Points on a line. */
function line(points: number[], labels: number[]): LabelledEmbeddings {
  return { embeddings: matrix(Float32Array.from(points), [points.length, 1]), labels };
}

function randomItems(
  random: Random,
  count: number,
  classes: number,
  draw: () => number,
): LabelledEmbeddings {
  const data = Float32Array.from({ length: count * 3 }, draw);
  const labels = Array.from({ length: count }, () => randomInteger(random, classes));
  return { embeddings: matrix(data, [count, 3]), labels };
}

/** The reference items of query i, nearest first, in plain loops. */
function ranked(query: LabelledEmbeddings, reference: LabelledEmbeddings | undefined, i: number) {
  const { embeddings, labels } = reference ?? query;
  const distance = (j: number): number => {
    let sum = 0;
    for (let c = 0; c < 3; c++) {
      sum += (query.embeddings.data[i * 3 + c] - embeddings.data[j * 3 + c]) ** 2;
    }
    return Math.fround(Math.sqrt(sum));
  };
  return Array.from({ length: labels.length }, (_, j) => j)
    .filter((j) => reference !== undefined || j !== i)
    .sort((a, b) => distance(a) - distance(b) || a - b)
    .map((j) => labels[j]);
}

/** The metrics by their definitions, in plain loops. */
function byDefinition(
  query: LabelledEmbeddings,
  reference: LabelledEmbeddings | undefined,
  ks: number[],
): RetrievalMetrics {
  const rows = Array.from(query.labels, (label, i) => {
    const hits = ranked(query, reference, i).map((other) => Number(other === label));
    const r = hits.reduce((a, b) => a + b, 0);
    const precisionAt = (k: number): number => hits.slice(0, k).reduce((a, b) => a + b, 0) / k;
    const precisions = hits.slice(0, r).map((hit, place) => hit * precisionAt(place + 1));
    return {
      label,
      r,
      precisionAt1: hits[0],
      recallAt: ks.map((k) => Number(hits.slice(0, k).includes(1))),
      rPrecision: precisionAt(r),
      mapAtR: precisions.reduce((a, b) => a + b, 0) / r,
    };
  }).filter(({ r }) => r > 0);
  const mean = (of: typeof rows, value: (row: (typeof rows)[0]) => number): number =>
    of.reduce((sum, row) => sum + value(row), 0) / of.length;
  const metrics = (of: typeof rows) => ({
    precisionAt1: mean(of, (row) => row.precisionAt1),
    rPrecision: mean(of, (row) => row.rPrecision),
    mapAtR: mean(of, (row) => row.mapAtR),
  });
  const perClass: RetrievalMetrics['perClass'] = {};
  for (const { label } of rows) {
    const ofClass = rows.filter((row) => row.label === label);
    perClass[label] = { ...metrics(ofClass), count: ofClass.length };
  }
  const recallAt = Object.fromEntries(
    ks.map((k, index) => [k, mean(rows, (row) => row.recallAt[index])]),
  );
  return { ...metrics(rows), recallAt, perClass, queries: rows.length };
}

function expectClose(found: RetrievalMetrics, expected: RetrievalMetrics): void {
  const round = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, v) => (typeof v === 'number' ? +v.toFixed(10) : v));
  expect(round(found)).toEqual(round(expected));
}

describe('retrievalMetrics', () => {
  it('scores a ranking that was worked out by hand', async () => {
    // The query at 0 finds classes 1, 0, 1, 0, 0 in this order; R = 3 for class 0.
    const reference = line([1, 2, 3, 4, 5], [1, 0, 1, 0, 0]);
    const found = await retrievalMetrics(line([0], [0]), reference, { ks: [1, 2, 99] });
    expect(found.precisionAt1).toBe(0);
    expect(found.recallAt).toEqual({ 1: 0, 2: 1, 99: 1 });
    expect(found.rPrecision).toBeCloseTo(1 / 3, 12);
    expect(found.mapAtR).toBeCloseTo(1 / 2 / 3, 12);
    expect(found.queries).toBe(1);
    expect(Object.keys(found.perClass)).toEqual(['0']);
  });

  it('leaves out the query itself, and queries whose class has no other item', async () => {
    const found = await retrievalMetrics(line([0, 1, 10, 11, 50], [0, 0, 1, 1, 2]));
    expect(found).toMatchObject({ precisionAt1: 1, rPrecision: 1, mapAtR: 1, queries: 4 });
    expect(found.recallAt).toEqual({ 1: 1, 2: 1, 4: 1, 8: 1 });
    expect(Object.keys(found.perClass)).toEqual(['0', '1']);
  });

  it('agrees with plain loops, ties and absent classes included', async () => {
    const random = seededRandom(4);
    for (let trial = 0; trial < 60; trial++) {
      const draw = [() => randomNormal(random), () => randomInteger(random, 2), () => 5][trial % 3];
      const query = randomItems(random, 2 + randomInteger(random, 60), 5, draw);
      const reference = randomItems(random, 1 + randomInteger(random, 90), 4, draw);
      const ks = [1, 3, 7];
      query.labels = Array.from(query.labels, (label, i) => (i < 2 ? reference.labels[0] : label));
      expectClose(
        await retrievalMetrics(query, reference, { ks }),
        byDefinition(query, reference, ks),
      );
      expectClose(
        await retrievalMetrics(query, undefined, { ks }),
        byDefinition(query, undefined, ks),
      );
    }
  });

  it('names what is wrong', async () => {
    const items = line([1, 2, 3], [0, 0, 1]);
    await expect(retrievalMetrics(items, items)).rejects.toThrow('leave the reference out');
    await expect(retrievalMetrics(line([1, 2], [0]))).rejects.toThrow(
      'retrievalMetrics: query must have a label for each of its 2 rows, got 1',
    );
    await expect(retrievalMetrics(line([1, 2], [0, 0.5]))).rejects.toThrow('label 1 is 0.5');
    await expect(retrievalMetrics(line([1, 2], [0, NaN]))).rejects.toThrow('label 1 is NaN');
    await expect(retrievalMetrics(line([1, NaN], [0, 0]))).rejects.toThrow('got NaN at row 1');
    await expect(retrievalMetrics(line([1, 2], [0, 1]))).rejects.toThrow('no query can be scored');
    await expect(retrievalMetrics(line([], []))).rejects.toThrow('must have rows');
    await expect(retrievalMetrics(items, undefined, { ks: [0] })).rejects.toThrow(
      'retrievalMetrics: k must be a whole number > 0, got 0',
    );
  });

  it('stops with the reason of the signal', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const items = line([1, 2, 3], [0, 0, 1]);
    await expect(retrievalMetrics(items, undefined, { signal })).rejects.toBe(reason);
    await expect(knnAccuracy(items, undefined, { signal })).rejects.toBe(reason);
  });
});

describe('knnPredictions and knnAccuracy', () => {
  const reference = line([1, 2, 3, 4], [7, 8, 8, 7]);

  it('take the majority, and the class of the nearest item where votes are equal', async () => {
    const query = line([0, 5], [7, 8]);
    const predicted = async (k: number): Promise<number[]> => [
      ...(await knnPredictions(query, reference, { k })),
    ];
    expect(await predicted(1)).toEqual([7, 7]);
    expect(await predicted(2)).toEqual([7, 7]);
    expect(await predicted(3)).toEqual([8, 8]);
    expect(await predicted(4)).toEqual([7, 7]);
    expect(await knnAccuracy(query, reference, { k: 3 })).toBe(0.5);
  });

  it('agree with precision@1 for k = 1, absent classes left out', async () => {
    const random = seededRandom(5);
    for (let trial = 0; trial < 20; trial++) {
      const draw = (): number => randomInteger(random, 6);
      const query = randomItems(random, 40, 5, draw);
      const others = randomItems(random, 40, 4, draw);
      for (const set of [undefined, others]) {
        const { precisionAt1 } = await retrievalMetrics(query, set);
        expect(await knnAccuracy(query, set)).toBeCloseTo(precisionAt1, 12);
      }
    }
  });

  it('refuse a k beyond the items there are', async () => {
    await expect(knnAccuracy(reference, undefined, { k: 4 })).rejects.toThrow('from 1 to 3, got 4');
    await expect(knnAccuracy(line([1, 2], [0, 1]))).rejects.toThrow('knnAccuracy: no query can be');
  });
});

describe.skipIf(isMissing(pythonModule('scikit-learn', 'sklearn')))('beside scikit-learn', () => {
  it('finds the same neighbours and predicts the same classes', async () => {
    const random = seededRandom(6);
    const draw = (): number => randomNormal(random);
    const query = randomItems(random, 100, 4, draw);
    const reference = randomItems(random, 400, 4, draw);
    const rows = ({ embeddings }: LabelledEmbeddings): number[][] =>
      Array.from({ length: embeddings.shape[0] }, (_, i) => [
        ...embeddings.data.subarray(i * 3, i * 3 + 3),
      ]);
    const expected = runPython(
      `from sklearn.neighbors import KNeighborsClassifier
from sklearn.metrics import accuracy_score
model = KNeighborsClassifier(n_neighbors=1).fit(data['reference'], data['referenceLabels'])
predicted = model.predict(data['query'])
result = {'predicted': predicted.tolist(), 'accuracy': accuracy_score(data['queryLabels'], predicted)}`,
      {
        query: rows(query),
        reference: rows(reference),
        queryLabels: query.labels,
        referenceLabels: reference.labels,
      },
    );
    expect({
      predicted: [...(await knnPredictions(query, reference))],
      accuracy: await knnAccuracy(query, reference),
    }).toEqual(expected);
  });
});
