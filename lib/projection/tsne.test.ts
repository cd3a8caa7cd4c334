import { spawnSync } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../data/matrix';
import type { Progress } from '../data/progress';
import { projectPath } from '../data/project';
import { randomNormal, seededRandom } from '../data/random';
import { isMissing, pythonModule, runPython } from '../data/require-peer';
import { nearestNeighbours } from '../evaluate/neighbours';
import { affinities } from './affinities';
import { attract } from './attraction';
import { projectedAccuracy, trustworthiness } from './quality';
import { emptyQuadtree, quadtreeBuilder } from './quadtree';
import { repulsion } from './repulsion';
import { tsne, type TsneOptions } from './tsne';

/** Three clouds in 8 dimensions that do not touch. */
function clouds(count: number): { points: Matrix; labels: number[] } {
  const random = seededRandom(1);
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const data = Float32Array.from({ length: count * 8 }, (_, p) => {
    const [i, c] = [Math.floor(p / 8), p % 8];
    return randomNormal(random) + (labels[i] === c ? 12 : 0);
  });
  return { points: matrix(data, [count, 8]), labels };
}

const { points, labels } = clouds(150);

/** p(i, j) in a table, and the divergence of positions from it, by the definition. */
async function divergenceOf(of: Matrix, perplexity: number): Promise<(y: Float64Array) => number> {
  const n = of.shape[0];
  const nearest = await nearestNeighbours(of, of, Math.min(n - 1, 3 * perplexity + 1), {
    excludeSelf: true,
  });
  const { starts, columns, values } = await affinities(nearest, perplexity);
  return (y) => {
    const weight = (i: number, j: number): number =>
      1 / (1 + (y[2 * i] - y[2 * j]) ** 2 + (y[2 * i + 1] - y[2 * j + 1]) ** 2);
    let total = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) total += weight(i, j);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      for (let e = starts[i]; e < starts[i + 1]; e++) {
        if (values[e] > 0) sum += values[e] * Math.log((values[e] * total) / weight(i, columns[e]));
      }
    }
    return sum;
  };
}

/** What is reported of the descent. */
async function reportsOf(of: Matrix, options: TsneOptions): Promise<[Matrix, Progress[]]> {
  const reports: Progress[] = [];
  const projected = await tsne(of, {
    ...options,
    onProgress: (progress) => {
      if (progress.label === 't-SNE') reports.push(progress);
    },
  });
  return [projected, reports];
}

describe('the gradient', () => {
  it('is the slope of the divergence, with theta 0', async () => {
    const n = 60;
    const few = clouds(n).points;
    const divergence = await divergenceOf(few, 10);
    const nearest = await nearestNeighbours(few, few, 31, { excludeSelf: true });
    const random = seededRandom(3);
    const positions = Float64Array.from({ length: 2 * n }, () => 3 * randomNormal(random));
    const [attraction, repelling] = [new Float64Array(2 * n), new Float64Array(2 * n)];
    attract(await affinities(nearest, 10), positions, attraction, 0, n);
    const tree = emptyQuadtree(n, 0);
    quadtreeBuilder(positions, tree)();
    const repel = repulsion(tree, repelling);
    let total = 0;
    for (let leaf = 0; leaf < tree.counts[1]; leaf++) total += repel(leaf);
    const h = 1e-5;
    for (let c = 0; c < 2 * n; c++) {
      const [up, down] = [positions.slice(), positions.slice()];
      up[c] += h;
      down[c] -= h;
      const slope = (divergence(up) - divergence(down)) / (2 * h);
      // Float32 affinities add up to 1 in their seventh digit only.
      expect(4 * (attraction[c] - repelling[c] / total)).toBeCloseTo(slope, 7);
    }
  });
});

describe('tsne', () => {
  it('keeps apart what is apart', async () => {
    const projected = await tsne(points, { iterations: 500 });
    expect(projected.shape).toEqual([150, 2]);
    expect(projected.data).toBeInstanceOf(Float32Array);
    expect(await projectedAccuracy(projected, labels)).toBe(1);
    expect(await trustworthiness(points, projected, 10)).toBeGreaterThan(0.9);
  });

  it('is the same for the same seed and any number of threads, and another for another', async () => {
    const { points: many } = clouds(600);
    const options: TsneOptions = { iterations: 40, seed: 5, initialisation: 'random' };
    const first = await tsne(many, options);
    for (const threads of [2, 50]) {
      expect(await tsne(many, { ...options, threads })).toEqual(first);
    }
    expect(await tsne(many, { ...options, seed: 6 })).not.toEqual(first);
  });

  it('reports the divergence that the definition gives', async () => {
    const few = clouds(90).points;
    const divergence = await divergenceOf(few, 10);
    const [projected, reports] = await reportsOf(few, {
      perplexity: 10,
      iterations: 110,
      exaggerationIterations: 60,
      theta: 0,
    });
    expect(reports.map(({ done }) => done)).toEqual([25, 50, 75, 100, 110]);
    expect(reports.at(-1)).toMatchObject({ total: 110, unit: 'step' });
    expect(reports.at(-1)?.metrics?.KL).toBeCloseTo(
      divergence(Float64Array.from(projected.data)),
      5,
    );
  });

  it('lets the divergence fall once nothing is exaggerated', async () => {
    const [, reports] = await reportsOf(points, { iterations: 600 });
    const late = reports.filter(({ done }) => done > 250).map(({ metrics }) => metrics?.KL ?? NaN);
    expect(late.length).toBeGreaterThan(10);
    late.slice(1).forEach((value, i) => expect(value).toBeLessThan(late[i] + 1e-3));
  });

  it('goes on from where it was', async () => {
    const earlier = await tsne(points, { iterations: 400 });
    const [again, reports] = await reportsOf(points, {
      initial: earlier,
      exaggerationIterations: 0,
      iterations: 25,
    });
    const start = await reportsOf(points, { iterations: 400 });
    expect(reports[0].metrics?.KL).toBeLessThan((start[1].at(-1)?.metrics?.KL ?? 0) + 1e-3);
    const moved = again.data.map((value, c) => Math.abs(value - earlier.data[c]));
    expect(Math.max(...moved)).toBeLessThan(10);
    expect(Math.max(...moved)).toBeGreaterThan(0);
  });

  it('starts along the principal components, or anywhere', async () => {
    const still: TsneOptions = { iterations: 1, learningRate: 1e-30 };
    const spread = ({ data }: Matrix, c: number): number => {
      const values = data.filter((_, i) => i % 2 === c);
      const mean = values.reduce((a, b) => a + b) / values.length;
      return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    };
    const along = await tsne(points, still);
    expect(spread(along, 0)).toBeCloseTo(1e-4, 9);
    expect(await projectedAccuracy(along, labels)).toBe(1);
    const anywhere = await tsne(points, { ...still, initialisation: 'random' });
    expect(spread(anywhere, 0)).toBeGreaterThan(0.7e-4);
    expect(spread(anywhere, 0)).toBeLessThan(1.3e-4);
    expect(await projectedAccuracy(anywhere, labels)).toBeLessThan(0.7);
  });

  it('leaves the thread that calls it free', async () => {
    let turns = 0;
    let running = true;
    const other = (async (): Promise<void> => {
      for (; running; turns++) await setImmediate();
    })();
    let before = 0;
    await tsne(points, {
      iterations: 500,
      onProgress: ({ label, done }) => {
        if (label === 't-SNE' && done === 25) before = turns;
      },
    });
    running = false;
    await other;
    expect(turns - before).toBeGreaterThan(100);
  });

  it('stops with the reason of the signal', async () => {
    const reason = new Error('enough');
    const aborted = { signal: AbortSignal.abort(reason) };
    await expect(tsne(points, aborted)).rejects.toBe(reason);
    for (const when of ['nearest neighbours', 'perplexity', 't-SNE']) {
      const controller = new AbortController();
      const stopped = tsne(points, {
        iterations: 1_000_000,
        threads: 2,
        signal: controller.signal,
        onProgress: ({ label }) => {
          expect(controller.signal.aborted && label === 't-SNE').toBe(false);
          if (label === when) controller.abort(reason);
        },
      });
      await expect(stopped).rejects.toBe(reason);
    }
  });

  it('lets the process end, after the end and after an abort', () => {
    const script = `
      const { matrix, tsne } = require(${JSON.stringify(projectPath('lib', 'dist', 'index.js'))});
      const points = matrix(Float32Array.from({ length: 1200 }, (_, i) => Math.sin(i * i)), [600, 2]);
      const controller = new AbortController();
      const onProgress = ({ label }) => label === 't-SNE' && controller.abort('enough');
      tsne(points, { iterations: 10, threads: 2 })
        .then(() => tsne(points, { iterations: 1e9, threads: 2, signal: controller.signal, onProgress }))
        .catch((reason) => console.log(reason));`;
    const { status, stdout } = spawnSync(process.execPath, ['-e', script], { timeout: 100_000 });
    expect([status, String(stdout).trim()]).toEqual([0, 'enough']);
  });
});

describe('tsne on degenerate points', () => {
  const finite = async (of: Matrix, options: TsneOptions): Promise<void> => {
    const { data, shape } = await tsne(of, { iterations: 300, ...options });
    expect(shape).toEqual([of.shape[0], 2]);
    expect(data.every(Number.isFinite)).toBe(true);
    expect(new Set(data).size).toBeGreaterThan(1);
  };

  it('takes duplicates', async () => {
    const twice = matrix(Float32Array.from([...points.data, ...points.data]), [300, 8]);
    await finite(twice, { perplexity: 5 });
    const two = matrix(
      Float32Array.from({ length: 400 }, (_, c) => (c >> 1) % 2),
      [200, 2],
    );
    await finite(two, {});
  });

  it('takes points that are all equal, a single column and constant columns', async () => {
    await finite(matrix(new Float32Array(400).fill(3), [100, 4]), {});
    await finite(matrix(points.data.slice(0, 100), [100, 1]), { perplexity: 10 });
    const constant = points.data.map((value, c) => (c % 8 === 2 ? value : 7));
    await finite(matrix(constant, [150, 8]), { perplexity: 10 });
  });

  it('takes as few as three points, and fewer than three times the perplexity', async () => {
    await finite(clouds(3).points, { perplexity: 1 });
    await finite(clouds(4).points, { perplexity: 2.5 });
    await finite(clouds(40).points, {});
  });

  it('takes values of any size that float32 has', async () => {
    for (const scale of [1e-30, 1e30]) {
      await finite(
        matrix(
          points.data.map((value) => scale * value),
          [150, 8],
        ),
        {},
      );
    }
    await expect(
      tsne(
        matrix(
          points.data.map((v) => 2e37 * v),
          [150, 8],
        ),
      ),
    ).rejects.toThrow('too large for float32');
  });
});

describe('tsne with wrong options', () => {
  it.each([
    [
      { perplexity: 0.5 },
      'tsne: perplexity must be from 1 to below the number of other points, 149, got 0.5',
    ],
    [{ perplexity: 149 }, 'got 149'],
    [{ perplexity: NaN }, 'got NaN'],
    [{ iterations: 0 }, 'tsne: iterations must be a whole number > 0, got 0'],
    [{ threads: 1.5 }, 'tsne: threads must be a whole number > 0, got 1.5'],
    [{ seed: 0.5 }, 'seed must be a whole number, got 0.5'],
    [{ earlyExaggeration: 0 }, 'tsne: earlyExaggeration must be a number >= 1, got 0'],
    [
      { exaggerationIterations: -1 },
      'tsne: exaggerationIterations must be a whole number >= 0, got -1',
    ],
    [{ learningRate: 0 }, 'tsne: learningRate must be a number > 0, got 0'],
    [{ theta: -1 }, 'tsne: theta must be a number >= 0, got -1'],
    [{ theta: NaN }, 'got NaN'],
    [
      { initialisation: 'spectral' as 'pca' },
      "tsne: initialisation must be 'pca' or 'random', got 'spectral'",
    ],
    [
      { initial: matrix(new Float32Array(300), [100, 3]) },
      'tsne: initial must be 150 x 2, got 100 x 3',
    ],
    [
      { initial: matrix(new Float32Array(300).fill(NaN), [150, 2]) },
      'tsne: initial must be finite, got NaN at row 0',
    ],
  ])('names what is wrong with %j', async (options, message) => {
    await expect(tsne(points, options)).rejects.toThrow(message);
  });

  it('names what is wrong with the points', async () => {
    for (const n of [0, 1, 2]) {
      await expect(tsne(matrix(new Float32Array(2 * n), [n, 2]))).rejects.toThrow(
        `tsne: at least 3 points are needed, got ${n}`,
      );
    }
    const broken = clouds(50).points;
    broken.data[8] = NaN;
    await expect(tsne(broken)).rejects.toThrow(
      'tsne: points must be finite, got NaN at row 1, column 0',
    );
  });

  it('says so when the positions grow without bound', async () => {
    await expect(tsne(points, { learningRate: 1e300, threads: 2 })).rejects.toThrow(
      'tsne: the positions grow without bound: a lower learningRate keeps them',
    );
  });
});

describe.skipIf(isMissing(pythonModule('scikit-learn', 'sklearn')))('beside scikit-learn', () => {
  it('reaches the same divergence and trustworthiness', async () => {
    const { points: many } = clouds(300);
    const expected = runPython(
      `from sklearn.manifold import TSNE, trustworthiness
from threadpoolctl import threadpool_limits
import numpy
points = numpy.array(data['points'], dtype='float32').reshape(data['shape'])
model = TSNE(init='pca', learning_rate='auto', perplexity=30, n_iter=1000, random_state=0)
with threadpool_limits(limits=1):
    positions = model.fit_transform(points)
result = {'divergence': float(model.kl_divergence_),
          'trustworthiness': trustworthiness(points, positions, n_neighbors=12)}`,
      { points: [...many.data], shape: many.shape },
    ) as Record<'divergence' | 'trustworthiness', number>;
    const [projected, reports] = await reportsOf(many, {});
    const divergence = reports.at(-1)?.metrics?.KL ?? NaN;
    expect(Math.abs(divergence / expected.divergence - 1)).toBeLessThan(0.03);
    const trusted = await trustworthiness(many, projected, 12);
    expect(Math.abs(trusted - expected.trustworthiness)).toBeLessThan(0.01);
  });
});
