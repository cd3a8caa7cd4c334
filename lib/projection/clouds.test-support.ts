import { expect } from 'vitest';
import { type Matrix, matrix } from '../data/matrix';
import { randomNormal, seededRandom } from '../data/random';
import { nearestNeighbours, type Neighbours } from '../evaluate/neighbours';
import type { SymmetricGraph } from './symmetric-graph';

/** n points about the origin, normally distributed in all d directions. */
export function cloud(n: number, d: number, seed: number, scale = 1): Matrix {
  const random = seededRandom(seed);
  return matrix(
    Float32Array.from({ length: n * d }, () => scale * randomNormal(random)),
    [n, d],
  );
}

/** The k nearest other points of each point. */
export function neighboursOf(points: Matrix, k: number): Promise<Neighbours> {
  return nearestNeighbours(points, points, k, { excludeSelf: true });
}

/** All values of a graph in a table. */
export function dense({ starts, columns, values }: SymmetricGraph): number[][] {
  const n = starts.length - 1;
  return Array.from({ length: n }, (_, i) => {
    const row = new Array<number>(n).fill(0);
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      expect(row[columns[e]], 'a pair stands in a row once').toBe(0);
      row[columns[e]] = values[e];
    }
    return row;
  });
}
