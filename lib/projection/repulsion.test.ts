import { describe, expect, it } from 'vitest';
import { randomInteger, randomNormal, seededRandom } from '../data/random';
import { emptyQuadtree, quadtreeBuilder, type Quadtree } from './quadtree';
import { repulsion } from './repulsion';

/** Clusters of different sizes, as t-SNE has them. */
function clusters(n: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: 2 * n }, (_, c) => {
    const cluster = (c >> 1) % 7;
    return 40 * Math.sin(2 * cluster + (c % 2)) + (1 + cluster) * randomNormal(random);
  });
}

function built(positions: Float64Array, theta: number): Quadtree {
  const tree = emptyQuadtree(positions.length / 2, theta);
  quadtreeBuilder(positions, tree)();
  return tree;
}

interface Repulsion {
  forces: Float64Array;
  total: number;
}

function byTree(positions: Float64Array, theta: number): Repulsion {
  const tree = built(positions, theta);
  const forces = new Float64Array(positions.length).fill(NaN);
  const repel = repulsion(tree, forces);
  let total = 0;
  for (let leaf = 0; leaf < tree.counts[1]; leaf++) total += repel(leaf);
  return { forces, total };
}

function byDefinition(positions: Float64Array): Repulsion {
  const forces = new Float64Array(positions.length);
  let total = 0;
  for (let i = 0; i < positions.length; i += 2) {
    for (let j = 0; j < positions.length; j += 2) {
      if (i === j) continue;
      const [dx, dy] = [positions[i] - positions[j], positions[i + 1] - positions[j + 1]];
      const q = 1 / (1 + dx * dx + dy * dy);
      total += q;
      forces[i] += q * q * dx;
      forces[i + 1] += q * q * dy;
    }
  }
  return { forces, total };
}

/** The length of the difference over that of the truth. */
function error(found: Float64Array, truth: Float64Array): number {
  const difference = found.map((value, c) => value - truth[c]);
  return Math.hypot(...difference) / Math.hypot(...truth);
}

describe('repulsion', () => {
  it('is the double loop with theta 0', () => {
    for (const n of [1, 2, 16, 17, 33, 700]) {
      const positions = clusters(n, n);
      const [found, truth] = [byTree(positions, 0), byDefinition(positions)];
      expect(found.total).toBeCloseTo(truth.total, 8);
      found.forces.forEach((value, c) => expect(value).toBeCloseTo(truth.forces[c], 10));
    }
  });

  it('is close to it with theta 0.5, and closer with less', () => {
    const positions = clusters(3000, 1);
    const truth = byDefinition(positions);
    const errors = [0.8, 0.5, 0.2].map((theta) => {
      const { forces, total } = byTree(positions, theta);
      expect(Math.abs(total / truth.total - 1)).toBeLessThan(0.05 * theta);
      return error(forces, truth.forces);
    });
    expect(errors[1]).toBeLessThan(0.02);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(errors[2]).toBeLessThan(0.002);
  });

  it('takes any number of points on one place as one mass', () => {
    const random = seededRandom(2);
    const few = clusters(20, 3);
    const positions = Float64Array.from({ length: 2 * 900 }, () => 0);
    for (let i = 0; i < 900; i++) {
      const from = randomInteger(random, 20);
      positions.set(few.subarray(2 * from, 2 * from + 2), 2 * i);
    }
    const [found, truth] = [byTree(positions, 0), byDefinition(positions)];
    expect(found.total / truth.total).toBeCloseTo(1, 10);
    expect(error(found.forces, truth.forces)).toBeLessThan(1e-10);
    const same = byTree(new Float64Array(2000).fill(3), 0.5);
    expect(same.total).toBe(1000 * 999);
    expect(same.forces.every((value) => value === 0)).toBe(true);
  });

  it('takes positions of any scale, and a stray far away', () => {
    for (const scale of [1e-300, 1e-4, 1e6]) {
      const positions = clusters(300, 4).map((value) => scale * value);
      const truth = byDefinition(positions);
      expect(error(byTree(positions, 0.5).forces, truth.forces)).toBeLessThan(0.03);
    }
    const stray = clusters(300, 5);
    stray[0] = 1e30;
    const { forces, total } = byTree(stray, 0.5);
    expect(forces.every(Number.isFinite)).toBe(true);
    expect(total).toBeGreaterThan(0);
  });

  it('refuses positions that no tree can be built on', () => {
    for (const wrong of [NaN, Infinity, -Infinity, 1e39]) {
      const positions = clusters(30, 6);
      positions[7] = wrong;
      expect(() => built(positions, 0.5)).toThrow('tsne: the positions grow without bound');
    }
  });
});

describe('the quadtree', () => {
  it('has every point in one leaf, and in every node all points of those below it', () => {
    const positions = clusters(2000, 8);
    const { counts, order, leaves, first, last, next, boxes, masses } = built(positions, 0.5);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 2000 }, (_, i) => i));
    const inLeaves = Array.from(leaves.subarray(0, counts[1])).flatMap((leaf) => {
      expect(next[leaf]).toBe(leaf + 1);
      return Array.from({ length: last[leaf] - first[leaf] }, (_, i) => first[leaf] + i);
    });
    expect(inLeaves).toEqual(Array.from({ length: 2000 }, (_, i) => i));
    for (let node = 0; node < counts[0]; node++) {
      const points = Array.from(order.subarray(first[node], last[node]));
      const [xs, ys] = [0, 1].map((c) => points.map((i) => positions[2 * i + c]));
      const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      expect([...boxes.subarray(4 * node, 4 * node + 4)]).toEqual(box);
      const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
      expect(masses[4 * node]).toBeCloseTo(mean(xs), 10);
      expect(masses[4 * node + 1]).toBeCloseTo(mean(ys), 10);
      expect(masses[4 * node + 2]).toBe(points.length);
      let children = 0;
      let covered = 0;
      for (let child = node + 1; child < next[node]; child = next[child]) {
        children++;
        covered += last[child] - first[child];
      }
      expect(next[node] > node + 1 ? [children > 1, covered] : [true, points.length]).toEqual([
        true,
        points.length,
      ]);
    }
    expect(next[0]).toBe(counts[0]);
  });
});
