import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data/load-dataset';
import type { ImageSet } from '../data/dataset';
import { readFashionMnistSample } from '../data/fashion-mnist-sample';
import { matrix } from '../data/matrix';
import { randomInteger, randomNormal, seededRandom } from '../data/random';
import { fastPng } from '../figure/packages';
import { scatter } from '../figure/scatter';
import { decode, isError, neighboursOf } from './client/data';
import { clientScript } from './client-script';
import { clusterOptions, plainNeighbours } from './clusters.test-support';
import { explorer } from './explorer';
import { explorerHtml } from './explorer-html';
import type { ExplorerOptions } from './explorer-options';
import { pack } from './pack';
import type { Payload } from './payload';
import { runExplorer } from './run-explorer';
import { sprite } from './sprite';

async function htmlOf(options: ExplorerOptions): Promise<string> {
  const { interactive } = await explorer(options);
  if (!('scriptedHtml' in interactive)) throw new Error('not an explorer');
  return interactive.scriptedHtml;
}

/** What the script of an explorer is given. */
async function payloadOf(options: ExplorerOptions): Promise<Payload> {
  const html = await htmlOf(options);
  const begin = html.lastIndexOf('", {') + 3;
  return JSON.parse(html.slice(begin, html.lastIndexOf(');'))) as Payload;
}

describe('explorer', () => {
  const options = clusterOptions(60);

  it('carries every point: class, prediction, neighbours and their distances', async () => {
    const data = decode(await payloadOf(options));
    const expected = plainNeighbours(options.embeddings, 6);
    expect([...data.labels]).toEqual([...(options.labels as Uint8Array)]);
    for (let i = 0; i < 60; i++) {
      const found = neighboursOf(data, i);
      expect(found.map(({ index }) => index)).toEqual(expected[i].map(({ index }) => index));
      const reach = expected[i][5].distance;
      found.forEach(({ index, distance, sameClass }, rank) => {
        expect(Math.abs(distance - expected[i][rank].distance)).toBeLessThan(reach / 500);
        expect(sameClass).toBe(index % 3 === i % 3);
      });
      const votes = [0, 0, 0];
      for (const { index } of expected[i]) votes[index % 3]++;
      const winner = expected[i].find(({ index }) => votes[index % 3] === Math.max(...votes))!;
      expect(data.predictions[i]).toBe(winner.index % 3);
      expect(isError(data, i)).toBe(winner.index % 3 !== i % 3);
    }
    expect(Array.from({ length: 60 }, (_, i) => isError(data, i))).toContain(true);
  });

  it('takes given predictions, and has all others for neighbours where there are few', async () => {
    const { neighbours: _, ...few } = clusterOptions(5);
    const data = decode(await payloadOf({ ...few, predictions: [2, 2, 2, 2, 2] }));
    expect([...data.predictions]).toEqual([2, 2, 2, 2, 2]);
    expect(data.k).toBe(4);
  });

  it('fits each projection into the square, turned towards the first', async () => {
    const angle = 0.7;
    const { UMAP } = options.projections;
    const copy = UMAP.data.map((_, k) => {
      const [x, y] = [-UMAP.data[k - (k % 2)], UMAP.data[k - (k % 2) + 1]];
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      return 3 * (k % 2 === 0 ? cos * x - sin * y : sin * x + cos * y) + 50;
    });
    const data = decode(
      await payloadOf({ ...options, projections: { UMAP, turned: matrix(copy, UMAP.shape) } }),
    );
    const [first, turned] = data.placements;
    expect(data.placements.map(({ name }) => name)).toEqual([
      'UMAP',
      'turned',
      'step 0',
      'step 100',
      'step 200',
    ]);
    expect(data.firstEpoch).toBe(2);
    first.points.forEach((value, k) => expect(turned.points[k]).toBeCloseTo(value, 3));
    // The same shape, y down, the longer side from 0 to 1.
    const span = (points: Float32Array, axis: number): number => {
      const values = points.filter((_, k) => k % 2 === axis);
      return Math.max(...values) - Math.min(...values);
    };
    expect(Math.max(span(first.points, 0), span(first.points, 1))).toBeCloseTo(1, 4);
    const scale = span(first.points, 0) / span(UMAP.data, 0);
    expect(first.points[2] - first.points[0]).toBeCloseTo((UMAP.data[2] - UMAP.data[0]) * scale, 3);
    expect(first.points[3] - first.points[1]).toBeCloseTo(
      -(UMAP.data[3] - UMAP.data[1]) * scale,
      3,
    );
  });

  it('draws the scatter of the first projection as its still form', async () => {
    const figure = await explorer(options);
    const { points, labels, classNames, caption } = {
      points: options.projections.UMAP,
      ...options,
    };
    const still = scatter({ title: 'Animals, UMAP', points, labels, classNames, caption });
    expect(figure.png()).toEqual(still.png());
    expect([figure.width, figure.height]).toEqual([still.width, still.height]);
    expect(figure.alt).toBe(
      'Animals, UMAP: scatter of ant (20), bee (20), cat (20). ' +
        'As an explorer: UMAP, PCA, training.',
    );
  });

  it('is the same for the same options', async () => {
    expect(await htmlOf(options)).toBe(await htmlOf(clusterOptions(60)));
  });

  it('keeps hostile text as text', async () => {
    const hostile = '</script><script>alert(1)</script><!--"\u2028';
    const html = await htmlOf({
      ...clusterOptions(12, [hostile, '<b>']),
      title: hostile,
      caption: hostile,
      projections: { [hostile]: clusterOptions(12).projections.UMAP },
    });
    expect(html.match(/<\/script/g)).toHaveLength(1);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/<!--|<b>/);
  });

  it('names what is wrong', async () => {
    const cases: [Partial<ExplorerOptions>, string][] = [
      [{ height: 0 }, 'explorer: height must be a whole number > 0, got 0'],
      [{ width: 2 }, 'explorer: images must hold 60 x 5 x 2 = 600 values, got 900'],
      [{ labels: [1] }, 'explorer: labels must have 60 entries, got 1'],
      [{ classNames: ['a'] }, 'explorer: labels[1] must be an index into the 1 classNames, got 1'],
      [
        { predictions: new Float32Array(60).fill(0.5) },
        'explorer: predictions[0] must be an index into the 3 classNames, got 0.5',
      ],
      [{ neighbours: 60 }, 'explorer: neighbours must be a whole number from 1 to 59, got 60'],
      [{ projections: {} }, 'explorer: projections must not be empty'],
      [
        { projections: { PCA: options.embeddings } },
        "explorer: projections['PCA'] must be 60 x 2, got 60 x 4",
      ],
      [
        { projections: { PCA: matrix(new Float32Array(120).fill(NaN), [60, 2]) } },
        "explorer: projections['PCA'] must be finite, got NaN at row 0, column 0",
      ],
      [
        { epochs: [{ label: 'x', points: matrix(new Float32Array(2), [1, 2]) }] },
        'explorer: epochs[0].points must be 60 x 2, got 1 x 2',
      ],
      [
        { embeddings: matrix(new Float32Array(240).fill(Infinity), [60, 4]) },
        'explorer: embeddings must be finite, got Infinity at row 0, column 0',
      ],
      [
        { embeddings: matrix(new Float32Array(4), [1, 4]) },
        'explorer: embeddings must have 2 to 65536 rows, one a point, got 1',
      ],
    ];
    for (const [changes, message] of cases) {
      await expect(explorer({ ...options, ...changes })).rejects.toThrow(message);
    }
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(explorer({ ...options, signal })).rejects.toThrow('enough');
  });
});

/** The grey of every pixel of the images in a sprite, as an index, image after image. */
function greysIn(
  picture: { width: number; data: ArrayLike<number> },
  columns: number,
  { count, height, width }: Pick<ImageSet, 'count' | 'height' | 'width'>,
): number[] {
  const stride = Math.ceil(picture.width / 2);
  return Array.from({ length: count * height * width }, (_, k) => {
    const [i, y, x] = [
      Math.floor(k / (height * width)),
      Math.floor((k % (height * width)) / width),
      k % width,
    ];
    const across = (i % columns) * width + x;
    const byte = picture.data[(Math.floor(i / columns) * height + y) * stride + (across >> 1)];
    return across % 2 === 0 ? byte >> 4 : byte & 15;
  });
}

describe('sprite', () => {
  it.each([
    [7, 5, 3],
    [10, 4, 4],
    [1, 1, 1],
    [20, 28, 28],
  ])('holds %d images of %d x %d in 16 greys', (n, height, width) => {
    const size = height * width;
    const images = Uint8Array.from({ length: n * size }, (_, k) => (k * 37) % 256);
    const { png, columns } = sprite(images, height, width);
    const picture = fastPng.decode(png, { checkCrc: true });
    expect([picture.depth, picture.channels]).toEqual([4, 1]);
    expect(picture.palette?.map(([grey]) => grey)).toEqual(
      [...Array(16).keys()].map((i) => 17 * i),
    );
    expect(picture.width).toBe(columns * width);
    expect(picture.height).toBe(Math.ceil(n / columns) * height);
    const found = greysIn(picture, columns, { count: n, height, width });
    const wrong = images.filter((value, k) => found[k] !== Math.round(value / 17)).length;
    expect(wrong).toBe(0);
  });

  it('holds images of many bytes in 7 greys, each at most 0.6 of their distance away', async () => {
    const { test } = await readFashionMnistSample();
    const { count, height, width, images } = test;
    const { png, columns } = sprite(images, height, width);
    // With what else an explorer needs, 10,000 images take less than 2.5 MB.
    expect(png.length / count).toBeLessThan(130);
    const picture = fastPng.decode(png, { checkCrc: true });
    const greys = picture.palette!.map(([grey]) => grey);
    expect(greys).toEqual([0, 43, 85, 128, 170, 213, 255]);
    const found = greysIn(picture, columns, test);
    const farthest = images.reduce(
      (most, value, k) => Math.max(most, Math.abs(greys[found[k]] - value)),
      0,
    );
    expect(farthest).toBeLessThanOrEqual(26);
  });

  it('refuses what browsers do not draw', () => {
    expect(() => sprite(new Uint8Array(100 * 1000 * 1000), 1000, 1000)).toThrow(
      'sprite: 100 images of 1000 x 1000 pixels make a picture of 10000 x 10000, ' +
        'at most 8192 x 8192 is allowed',
    );
  });
});

it('takes at most 2.5 MB for the 10,000 test images of MNIST, five epochs included', async () => {
  const { test, classNames } = await loadDataset('mnist');
  const [n, k] = [test.count, 10];
  expect(n).toBe(10_000);
  const random = seededRandom(1);
  const cloud = () =>
    matrix(
      Float32Array.from({ length: 2 * n }, () => randomNormal(random)),
      [n, 2],
    );
  const options = {
    title: 'MNIST',
    ...test,
    classNames,
    embeddings: cloud(),
    projections: { 't-SNE': cloud(), UMAP: cloud(), PCA: cloud() },
    epochs: [1, 2, 3, 4, 5].map((e) => ({ label: `step ${e}`, points: cloud() })),
  };
  // What they are does not matter for the size.
  const indices = Int32Array.from({ length: n * k }, () => randomInteger(random, n));
  const distances = Float32Array.from({ length: n * k }, (_, i) => 1 + (i % k) * random());
  const payload = pack(options, { indices, distances, k }, test.labels);
  // Clusters, as a trained network makes them.
  const points = matrix(
    Float32Array.from({ length: 2 * n }, (_, i) => {
      const angle = (test.labels[i >> 1] * Math.PI) / 5;
      return 8 * (i % 2 ? Math.sin(angle) : Math.cos(angle)) + randomNormal(random);
    }),
    [n, 2],
  );
  const shown = { title: 'MNIST', points, labels: test.labels, classNames };
  const html = explorerHtml(payload, 'MNIST', scatter(shown));
  console.log(`an explorer of 10,000 images: ${(html.length / 1e6).toFixed(2)} MB`);
  expect(html.length).toBeLessThan(2.5e6);
});

it('links its client modules into one expression that needs nothing else', () => {
  const script = clientScript();
  expect(new Function(`return typeof ${script}`)()).toBe('function');
  expect(script).not.toMatch(/<\/script|<!--|sourceMappingURL|\bimport\s*\(/);
  expect(script.length).toBeLessThan(80_000);
});

it('explores a run: its test images, and how far to trust each projection', async () => {
  const { images, height, width, labels, classNames, embeddings, projections } = clusterOptions(60);
  const test = { images, height, width, labels: labels as Uint8Array, count: 60 };
  const measures = {
    trustworthiness: 0.98765,
    continuity: 0.97,
    accuracy: 0.9543,
    silhouette: 0.5,
  };
  const quality = { ...measures, labels: test.labels };
  const figure = await runExplorer({
    title: 'A run',
    run: { embeddings: () => ({ embeddings, labels: test.labels }) },
    dataset: { test, classNames: [...classNames] },
    projections: { UMAP: { ...quality, points: projections.UMAP } },
    neighbours: 3,
  });
  expect(figure.alt).toContain('A run, UMAP: scatter of ant (20)');
  const html = 'scriptedHtml' in figure.interactive ? figure.interactive.scriptedHtml : '';
  expect(html.replaceAll('\u00a0', ' ')).toContain(
    'UMAP: Trustworthiness@12 0.988; continuity@12 0.97',
  );
});
