import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { type Random, randomInteger, randomNormal, seededRandom } from '../data/random';
import { nearestNeighbours } from '../evaluate/neighbours';
import { fuzzyGraph } from './fuzzy-graph';
import { layout } from './layout';
import type { SymmetricGraph } from './symmetric-graph';

const CURVE = { a: 1.577, b: 0.895 };

async function example(
  n: number,
  extent = 10,
): Promise<{ graph: SymmetricGraph; start: Float64Array }> {
  const random = seededRandom(2);
  const data = Float32Array.from({ length: 3 * n }, () => randomNormal(random));
  const points = matrix(data, [n, 3]);
  const neighbours = await nearestNeighbours(points, points, 5, { excludeSelf: true });
  const start = Float64Array.from({ length: 2 * n }, () => extent * random());
  return { graph: fuzzyGraph(neighbours), start };
}

/** The epochs of umap-learn's optimize_layout_euclidean, in plain loops over points and edges. */
function byDefinition(
  { starts, columns, values }: SymmetricGraph,
  start: Float64Array,
  epochs: number,
  random: Random,
): number[][] {
  const { a, b } = CURVE;
  const n = start.length / 2;
  const points = Array.from({ length: n }, (_, i) => [start[2 * i], start[2 * i + 1]]);
  const most = Math.max(...values);
  const edges = points.flatMap((_, i) =>
    Array.from(columns.subarray(starts[i], starts[i + 1]), (j, e) => {
      const period = most / values[starts[i] + e];
      return { i, j, period, next: period, nextNegative: period / 5 };
    }),
  );
  const clip = (value: number): number => (value > 4 ? 4 : value < -4 ? -4 : value);
  let alpha = 1;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const edge of edges) {
      if (edge.next > epoch) continue;
      const [current, other] = [points[edge.i], points[edge.j]];
      const squared = (current[0] - other[0]) ** 2 + (current[1] - other[1]) ** 2;
      const pull = squared > 0 ? (-2 * a * b * squared ** (b - 1)) / (a * squared ** b + 1) : 0;
      for (const c of [0, 1]) {
        const move = clip(pull * (current[c] - other[c]));
        current[c] += move * alpha;
        other[c] -= move * alpha;
      }
      edge.next += edge.period;
      const negatives = Math.trunc((epoch - edge.nextNegative) / (edge.period / 5));
      for (let p = 0; p < negatives; p++) {
        const k = randomInteger(random, n);
        const distance = (current[0] - points[k][0]) ** 2 + (current[1] - points[k][1]) ** 2;
        if (distance === 0 && k === edge.i) continue;
        const push = distance > 0 ? (2 * b) / ((0.001 + distance) * (a * distance ** b + 1)) : 0;
        for (const c of [0, 1]) {
          current[c] += alpha * (push > 0 ? clip(push * (current[c] - points[k][c])) : 4);
        }
      }
      edge.nextNegative += negatives * (edge.period / 5);
    }
    alpha = 1 - epoch / epochs;
  }
  return points;
}

describe('layout', () => {
  it('goes as umap-learn does, epoch by epoch', async () => {
    // Where points are close, forces change so fast that roundings grow with every epoch.
    for (const [epochs, extent] of [
      [2, 10],
      [3, 10],
      [40, 1000],
    ]) {
      const { graph, start } = await example(60, extent);
      const positions = start.slice();
      const move = layout(graph, CURVE, positions, epochs, seededRandom(4));
      for (let epoch = 0; epoch < epochs; epoch++) move(epoch);
      const expected = byDefinition(graph, start, epochs, seededRandom(4)).flat();
      const errors = positions.map((value, c) => Math.abs(value - expected[c]));
      expect(Math.max(...errors)).toBeLessThan(1e-5);
      expect(positions).not.toEqual(start);
    }
  });

  it('parts points on one place', async () => {
    const { graph } = await example(40);
    const positions = new Float64Array(80).fill(5);
    const move = layout(graph, CURVE, positions, 50, seededRandom(5));
    for (let epoch = 0; epoch < 50; epoch++) move(epoch);
    expect(positions.every(Number.isFinite)).toBe(true);
    expect(new Set(positions).size).toBeGreaterThan(20);
  });

  it('leaves alone what edges of value 0 join', () => {
    const graph = {
      starts: Int32Array.of(0, 1, 2, 3, 4),
      columns: Int32Array.of(1, 0, 3, 2),
      values: Float32Array.of(1, 1, 0, 0),
    };
    const positions = Float64Array.of(0, 0, 3, 0, 100, 0, 103, 0);
    const move = layout(graph, CURVE, positions, 30, seededRandom(6));
    for (let epoch = 0; epoch < 30; epoch++) move(epoch);
    expect([...positions.subarray(4)]).toEqual([100, 0, 103, 0]);
    expect(Math.abs(positions[0] - positions[2])).toBeLessThan(3);
  });
});
