import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { seededRandom } from '../data/random';
import { type Neighbours } from '../evaluate/neighbours';
import { cloud, dense, neighboursOf } from './clouds.test-support';
import { affinities } from './affinities';
import { writeConditional } from './perplexity';

const SCALES = [1e-30, 1e-3, 1, 1e15];

function perplexityOf(row: ArrayLike<number>): number {
  const entropy = Array.from(row).reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
  return Math.exp(entropy);
}

/** p(i, j) by the definition: for every point, b_i by bisection over many orders of magnitude. */
function byDefinition({ indices, distances, k }: Neighbours, perplexity: number): number[][] {
  const n = indices.length / k;
  const conditional = Array.from({ length: n }, (_, i) => {
    const squares = Array.from(distances.subarray(i * k, (i + 1) * k), (value) => value ** 2);
    let [low, high] = [-200, 200];
    let row: number[] = [];
    for (let step = 0; step < 200; step++) {
      const b = Math.exp((low + high) / 2);
      const weights = squares.map((value) => Math.exp(-b * (value - squares[0])));
      const sum = weights.reduce((a, c) => a + c);
      row = weights.map((weight) => weight / sum);
      if (perplexityOf(row) > perplexity) low = (low + high) / 2;
      else high = (low + high) / 2;
    }
    const all = new Array<number>(n).fill(0);
    row.forEach((p, j) => (all[indices[i * k + j]] = p));
    return all;
  });
  return conditional.map((row, i) => row.map((p, j) => (p + conditional[j][i]) / (2 * n)));
}

describe('writeConditional', () => {
  it('gives the perplexity asked for, at any scale', () => {
    const random = seededRandom(1);
    for (const perplexity of [1.5, 5, 30, 80]) {
      for (const scale of [...SCALES, 1e-60, 1e60]) {
        const squared = Float64Array.from({ length: 91 }, () => scale * (2 + random())).sort();
        const row = new Float64Array(91);
        writeConditional(squared, perplexity, row);
        expect(perplexityOf(row)).toBeCloseTo(perplexity, 7);
        expect([...row]).toEqual([...row].sort((a, b) => b - a));
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      }
    }
  });

  it('shares it among those that are equally near, when they are more than asked for', () => {
    const row = new Float64Array(9);
    writeConditional(Float64Array.of(0, 0, 0, 0, 0, 0, 1, 2, 3), 4, row);
    expect([...row].map((p) => Math.round(p * 1e9) / 1e9)).toEqual(
      [1, 1, 1, 1, 1, 1, 0, 0, 0].map((p) => Math.round((p / 6) * 1e9) / 1e9),
    );
    writeConditional(new Float64Array(9).fill(4), 4, row);
    expect([...row]).toEqual(new Array(9).fill(1 / 9));
    writeConditional(Float64Array.of(0, 1, 1, 1, 1, 1, 1, 1, 1), 1, row);
    expect(row[0]).toBeCloseTo(1, 6);
  });

  it('refuses distances that overflowed', () => {
    const squared = Float64Array.of(1, 2, Infinity);
    expect(() => writeConditional(squared, 2, new Float64Array(3))).toThrow(
      'tsne: the distances between points are too large for float32',
    );
  });
});

describe('affinities', () => {
  it.each(SCALES)('agree with the definition at scale %d', async (scale) => {
    const neighbours = await neighboursOf(cloud(80, 4, 2, scale), 31);
    const found = dense(await affinities(neighbours, 10));
    byDefinition(neighbours, 10).forEach((row, i) => {
      row.forEach((p, j) => expect(found[i][j]).toBeCloseTo(p, 8));
    });
  });

  it('are symmetric, add up to 1, and have their entropy beside them', async () => {
    const found = await affinities(await neighboursOf(cloud(300, 5, 3), 46), 15);
    const p = dense(found);
    p.forEach((row, i) => row.forEach((value, j) => expect(value).toBe(p[j][i])));
    p.forEach((row, i) => expect(row[i]).toBe(0));
    expect(p.flat().reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(-Math.log(perplexityOf(p.flat()))).toBeCloseTo(found.negativeEntropy, 10);
    expect(found.columns.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('take duplicates and points that are all equal', async () => {
    const few = cloud(10, 3, 4);
    const data = Float32Array.from({ length: 120 * 3 }, (_, c) => few.data[c % 30]);
    for (const points of [matrix(data, [120, 3]), matrix(new Float32Array(360), [120, 3])]) {
      const { values } = await affinities(await neighboursOf(points, 31), 10);
      expect(values.every((p) => p >= 0)).toBe(true);
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    }
  });

  it('are the same on any number of threads', async () => {
    const neighbours = await neighboursOf(cloud(1300, 3, 6), 20);
    const first = await affinities(neighbours, 7);
    const done: number[] = [];
    const onProgress = (progress: { done: number }): unknown => done.push(progress.done);
    for (const threads of [2, 50]) {
      expect(await affinities(neighbours, 7, { threads, onProgress })).toEqual(first);
      expect(done.at(-1)).toBe(1300);
    }
    const far = { ...neighbours, distances: neighbours.distances.fill(Infinity) };
    await expect(affinities(far, 7, { threads: 2 })).rejects.toThrow('too large for float32');
  });

  it('report progress and stop with the reason of the signal', async () => {
    const neighbours = await neighboursOf(cloud(40, 2, 5), 10);
    const done: number[] = [];
    await affinities(neighbours, 3, { onProgress: (progress) => done.push(progress.done) });
    expect(done).toEqual([0, 40]);
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(affinities(neighbours, 3, { signal })).rejects.toBe(reason);
  });
});
