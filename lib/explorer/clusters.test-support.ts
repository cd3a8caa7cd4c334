import { matrix, type Matrix } from '../data/matrix';
import { randomNormal, seededRandom } from '../data/random';
import type { ExplorerOptions } from './explorer-options';

/** Small images that tell themselves apart: of image i, pixel p is grey (i * 7 + p * 31) mod 256. */
export function countedImages(n: number, height: number, width: number): Uint8Array {
  const size = height * width;
  return Uint8Array.from({ length: n * size }, (_, k) => (7 * Math.floor(k / size) + 31 * k) % 256);
}

/** What an explorer shows of n points in classes of three, far apart in the first projection. */
export function clusterOptions(n: number, classNames = ['ant', 'bee', 'cat']): ExplorerOptions {
  const random = seededRandom(n);
  const classes = classNames.length;
  const labels = Uint8Array.from({ length: n }, (_, i) => i % classes);
  const at = (spread: number, turn: number): Matrix => {
    const data = new Float32Array(2 * n);
    for (let i = 0; i < n; i++) {
      const angle = (2 * Math.PI * labels[i]) / classes + turn;
      data[2 * i] = 10 * Math.cos(angle) + spread * randomNormal(random);
      data[2 * i + 1] = 10 * Math.sin(angle) + spread * randomNormal(random);
    }
    return matrix(data, [n, 2]);
  };
  // In the embedding the classes overlap, so that some neighbours are of another class.
  const embeddings = matrix(
    Float32Array.from({ length: 4 * n }, (_, k) =>
      k % 4 === 0 ? 2 * labels[k >> 2] + randomNormal(random) : 0.4 * randomNormal(random),
    ),
    [n, 4],
  );
  return {
    title: 'Animals',
    images: countedImages(n, 5, 3),
    height: 5,
    width: 3,
    labels,
    classNames,
    embeddings,
    projections: { UMAP: at(1, 0), PCA: at(3, 1) },
    epochs: [0, 1, 2].map((e) => ({ label: `step ${100 * e}`, points: at(3 - e, e) })),
    neighbours: 6,
    caption: 'Small print.',
  };
}

/** The k nearest other rows of each row, by plain loops; ties by the smaller index. */
export function plainNeighbours(
  { data, shape: [n, d] }: Matrix,
  k: number,
): { index: number; distance: number }[][] {
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += (data[i * d + c] - data[j * d + c]) ** 2;
      return { index: j, distance: Math.sqrt(sum) };
    })
      .filter(({ index }) => index !== i)
      .sort((a, b) => a.distance - b.distance || a.index - b.index)
      .slice(0, k),
  );
}
