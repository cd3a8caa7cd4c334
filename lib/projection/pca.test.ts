import { describe, expect, it } from 'vitest';
import { type Matrix, matrix, selectRows } from '../data/matrix';
import { randomNormal, seededRandom } from '../data/random';
import { isMissing, pythonModule, runPython } from '../data/require-peer';
import { pca, principalComponents, projectOnto } from './pca';

/** Points that vary differently along every column, mixed together, away from the origin. */
function mixedPoints(n: number, d: number, seed: number): Matrix {
  const random = seededRandom(seed);
  const mixing = Float64Array.from({ length: d * d }, () => randomNormal(random));
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < d; c++) {
      const value = (randomNormal(random) * 3) / (c + 1);
      for (let to = 0; to < d; to++) data[i * d + to] += value * mixing[c * d + to];
    }
    for (let c = 0; c < d; c++) data[i * d + c] += 10 * c;
  }
  return matrix(data, [n, d]);
}

describe('principalComponents', () => {
  it('finds the direction of points on a line, its largest entry positive', async () => {
    const line = matrix(Float32Array.of(0, 0, -3, -4, 6, 8, 3, 4), [4, 2]);
    const { mean, components, explainedVarianceRatio } = await principalComponents(line);
    expect([...mean]).toEqual([1.5, 2]);
    expect(components[0]).toBeCloseTo(0.6, 12);
    expect(components[1]).toBeCloseTo(0.8, 12);
    expect(explainedVarianceRatio[0]).toBeCloseTo(1, 12);
    expect(explainedVarianceRatio[1]).toBeCloseTo(0, 12);
    expect(await pca(line, { dimensions: 1 })).toEqual(
      matrix(Float32Array.of(-2.5, -7.5, 7.5, 2.5), [4, 1]),
    );
  });

  it('gives orthonormal directions, sorted by a variance that adds up to all', async () => {
    const d = 9;
    const points = mixedPoints(200, d, 1);
    const all = await principalComponents(points, { dimensions: d });
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        let product = 0;
        for (let c = 0; c < d; c++)
          product += all.components[i * d + c] * all.components[j * d + c];
        expect(product).toBeCloseTo(Number(i === j), 12);
      }
    }
    const ratios = [...all.explainedVarianceRatio];
    expect(ratios).toEqual([...ratios].sort((a, b) => b - a));
    expect(ratios.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    const few = await principalComponents(points, { dimensions: 3 });
    expect(few.components).toEqual(all.components.slice(0, 3 * d));
  });

  it('gives the variance along each direction, and back the points from all of them', async () => {
    const d = 6;
    const points = mixedPoints(300, d, 2);
    const all = await principalComponents(points, { dimensions: d });
    const { data } = projectOnto(all, points);
    const variances = Array.from({ length: d }, (_, k) => {
      let sum = 0;
      for (let i = 0; i < 300; i++) sum += data[i * d + k] ** 2;
      return sum;
    });
    const total = variances.reduce((a, b) => a + b);
    variances.forEach((v, k) => expect(v / total).toBeCloseTo(all.explainedVarianceRatio[k], 6));
    for (let i = 0; i < 300; i++) {
      for (let c = 0; c < d; c++) {
        let value = all.mean[c];
        for (let k = 0; k < d; k++) value += data[i * d + k] * all.components[k * d + c];
        expect(value).toBeCloseTo(points.data[i * d + c], 3);
      }
    }
  });

  it('places new points as it placed the old ones', async () => {
    const points = mixedPoints(50, 4, 3);
    const principal = await principalComponents(points);
    const some = projectOnto(principal, selectRows(points, [7, 9]));
    expect(some).toEqual(selectRows(await pca(points), [7, 9]));
    expect(() => projectOnto(principal, mixedPoints(5, 3, 1))).toThrow(
      'projectOnto: points must have 4 columns, got 3',
    );
  });

  it('takes fewer points than columns, and points that are all equal', async () => {
    const few = await principalComponents(mixedPoints(3, 20, 4), { dimensions: 20 });
    expect(few.explainedVarianceRatio[0] + few.explainedVarianceRatio[1]).toBeCloseTo(1, 10);
    const equal = matrix(new Float32Array(20).fill(7), [5, 4]);
    expect([...(await principalComponents(equal)).explainedVarianceRatio]).toEqual([0, 0]);
    expect([...(await pca(equal)).data]).toEqual(new Array(10).fill(0));
  });

  it('names what is wrong', async () => {
    const points = mixedPoints(10, 3, 5);
    await expect(pca(points, { dimensions: 4 })).rejects.toThrow(
      'principalComponents: dimensions must be a whole number from 1 to 3, got 4',
    );
    await expect(pca(points, { dimensions: 0 })).rejects.toThrow('got 0');
    await expect(pca(selectRows(points, [1]))).rejects.toThrow(
      'at least 2 points are needed, got 1',
    );
    points.data[4] = NaN;
    await expect(pca(points)).rejects.toThrow('points must be finite, got NaN at row 1, column 1');
  });

  it('stops with the reason of the signal', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(pca(mixedPoints(10, 3, 5), { signal })).rejects.toBe(reason);
  });
});

describe.skipIf(isMissing(pythonModule('scikit-learn', 'sklearn')))('beside scikit-learn', () => {
  it('gives the same components, variances and positions up to sign', async () => {
    const [n, d] = [150, 12];
    const points = mixedPoints(n, d, 6);
    const expected = runPython(
      `from sklearn.decomposition import PCA
import numpy
points = numpy.array(data['points'], dtype='float64').reshape(data['shape'])
model = PCA(n_components=4, svd_solver='full').fit(points)
result = {'ratio': model.explained_variance_ratio_.tolist(),
          'components': numpy.abs(model.components_).ravel().tolist(),
          'positions': numpy.abs(model.transform(points)).ravel().tolist()}`,
      { points: [...points.data], shape: points.shape },
    ) as Record<'ratio' | 'components' | 'positions', number[]>;
    const found = await principalComponents(points, { dimensions: 4 });
    found.explainedVarianceRatio.forEach((v, i) => expect(v).toBeCloseTo(expected.ratio[i], 10));
    found.components.forEach((v, i) => {
      expect(Math.abs(v)).toBeCloseTo(expected.components[i], 8);
    });
    projectOnto(found, points).data.forEach((v, i) => {
      expect(Math.abs(v)).toBeCloseTo(expected.positions[i], 4);
    });
  });
});
