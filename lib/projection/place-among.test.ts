import { describe, expect, it } from 'vitest';
import { type Matrix, matrix, selectRows } from '../data/matrix';
import { readMnist } from '../data/mnist';
import { type ImageSet, subset } from '../data/dataset';
import { knnAccuracy } from '../evaluate/knn';
import { rawPixels } from '../evaluate/raw-pixels';
import { cloud } from './clouds.test-support';
import { placeAmong } from './place-among';
import { umap } from './umap';

describe('placeAmong', () => {
  it('agrees with plain loops', async () => {
    const [points, reference, positions] = [cloud(30, 4, 1), cloud(50, 4, 2), cloud(50, 2, 3)];
    const distance = (a: Matrix, i: number, b: Matrix, j: number): number => {
      const columns = a.shape[1];
      let sum = 0;
      for (let c = 0; c < columns; c++) {
        sum += (a.data[i * columns + c] - b.data[j * columns + c]) ** 2;
      }
      return Math.sqrt(sum);
    };
    for (const neighbors of [1, 2, 7, 50]) {
      const placed = await placeAmong(points, reference, positions, { neighbors });
      for (let i = 0; i < 30; i++) {
        const nearest = Array.from({ length: 50 }, (_, j) => j)
          .sort((a, b) => distance(points, i, reference, a) - distance(points, i, reference, b))
          .slice(0, neighbors);
        const far = (j: number): number =>
          nearest.reduce((sum, other) => sum + distance(positions, j, positions, other), 0);
        const medoid = nearest.reduce((best, j) => (far(j) < far(best) - 1e-12 ? j : best));
        expect([...selectRows(placed, [i]).data]).toEqual([
          ...selectRows(positions, [medoid]).data,
        ]);
      }
    }
  });

  it('puts a point that is between two clusters into one of them', async () => {
    const reference = matrix(Float32Array.of(0, 1, 2, 10, 11), [5, 1]);
    const positions = matrix(Float32Array.of(0, 0, 0, 1, 1, 0, 90, 90, 91, 90), [5, 2]);
    const between = matrix(Float32Array.of(5.9), [1, 1]);
    const placed = await placeAmong(between, reference, positions, { neighbors: 5 });
    expect([...placed.data]).toEqual([1, 0]);
  });

  it('names what is wrong', async () => {
    const [points, reference] = [cloud(3, 4, 1), cloud(20, 4, 2)];
    await expect(placeAmong(points, reference, cloud(19, 2, 3))).rejects.toThrow(
      'placeAmong: positions must be 20 x 2, as there are reference points, got 19 x 2',
    );
    await expect(placeAmong(points, reference, cloud(20, 3, 3))).rejects.toThrow('got 20 x 3');
    for (const neighbors of [0, 21, 1.5]) {
      await expect(placeAmong(points, reference, cloud(20, 2, 3), { neighbors })).rejects.toThrow(
        `placeAmong: neighbors must be a whole number from 1 to the 20 reference points, got ${neighbors}`,
      );
    }
    const broken = cloud(20, 2, 3);
    broken.data[5] = NaN;
    await expect(placeAmong(points, reference, broken)).rejects.toThrow(
      'placeAmong: positions must be finite, got NaN at row 2, column 1',
    );
    await expect(placeAmong(cloud(3, 5, 1), reference, cloud(20, 2, 3))).rejects.toThrow(
      'same number of columns, got 5 and 4',
    );
  });

  it('places digits of MNIST as well as those around them are placed', async () => {
    const { test } = await readMnist();
    const every = (step: number, first: number, count: number): ImageSet =>
      subset(
        test,
        Array.from({ length: count }, (_, i) => first + step * i),
      );
    const [known, unknown] = [every(2, 6000, 2000), every(8, 6001, 500)];
    const reference = rawPixels(known);
    const positions = await umap(reference, { iterations: 200, seed: 1 });
    const picture = { embeddings: positions, labels: known.labels };
    const accuracy = await knnAccuracy(picture, undefined, { k: 10 });
    const placed = await placeAmong(rawPixels(unknown), reference, positions);
    const ofPlaced = await knnAccuracy({ embeddings: placed, labels: unknown.labels }, picture, {
      k: 10,
    });
    expect(accuracy).toBeGreaterThan(0.9);
    expect(ofPlaced).toBeGreaterThan(accuracy - 0.05);
  });
});
