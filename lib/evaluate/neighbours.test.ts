import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../data/matrix';
import { type Random, randomInteger, randomNormal, seededRandom } from '../data/random';
import { nearestNeighbours } from './neighbours';

function randomMatrix(rows: number, columns: number, draw: () => number): Matrix {
  return matrix(Float32Array.from({ length: rows * columns }, draw), [rows, columns]);
}

/** All distances by the definition, in plain loops. */
function distance(a: Matrix, i: number, b: Matrix, j: number): number {
  let sum = 0;
  for (let c = 0; c < a.shape[1]; c++) {
    sum += (a.data[i * a.shape[1] + c] - b.data[j * b.shape[1] + c]) ** 2;
  }
  return Math.fround(Math.sqrt(sum));
}

function byDefinition(query: Matrix, reference: Matrix, k: number, excludeSelf: boolean) {
  const indices: number[] = [];
  const distances: number[] = [];
  for (let i = 0; i < query.shape[0]; i++) {
    const all = Array.from({ length: reference.shape[0] }, (_, j) => j)
      .filter((j) => !(excludeSelf && j === i))
      .map((j) => ({ j, d: distance(query, i, reference, j) }))
      .sort((a, b) => a.d - b.d || a.j - b.j);
    for (const { j, d } of all.slice(0, k)) {
      indices.push(j);
      distances.push(d);
    }
  }
  return { indices: Int32Array.from(indices), distances: Float32Array.from(distances), k };
}

const draws: [string, (random: Random) => () => number][] = [
  ['normal values', (random) => () => randomNormal(random)],
  ['small whole numbers, full of ties', (random) => () => randomInteger(random, 3)],
  ['values far from the origin', (random) => () => 1000 + randomInteger(random, 200) / 64],
  ['zeros', () => () => 0],
  ['values whose squares do not fit float32', (random) => () => 1e25 * randomNormal(random)],
];

describe('nearestNeighbours', () => {
  it.each(draws)('agrees with plain loops on %s', async (_, draw) => {
    const random = seededRandom(7);
    for (let trial = 0; trial < 25; trial++) {
      const columns = 1 + randomInteger(random, 9);
      const query = randomMatrix(1 + randomInteger(random, 70), columns, draw(random));
      const reference = randomMatrix(1 + randomInteger(random, 300), columns, draw(random));
      const k = 1 + randomInteger(random, reference.shape[0]);
      const found = await nearestNeighbours(query, reference, k);
      expect(found).toEqual(byDefinition(query, reference, k, false));
    }
  });

  it.each(draws)('excludes the query itself on %s', async (_, draw) => {
    const random = seededRandom(8);
    for (let trial = 0; trial < 10; trial++) {
      const points = randomMatrix(2 + randomInteger(random, 90), 4, draw(random));
      const k = 1 + randomInteger(random, points.shape[0] - 1);
      const found = await nearestNeighbours(points, points, k, { excludeSelf: true });
      expect(found).toEqual(byDefinition(points, points, k, true));
    }
  });

  it.each(draws)('finds the same on any number of threads on %s', async (_, draw) => {
    const random = seededRandom(9);
    const points = randomMatrix(330, 5, draw(random));
    const one = await nearestNeighbours(points, points, 7, { excludeSelf: true });
    for (const threads of [2, 50]) {
      const search = { excludeSelf: true, threads };
      expect(await nearestNeighbours(points, points, 7, search)).toEqual(one);
    }
    // More reference rows than one tile has.
    const [query, reference] = [
      randomMatrix(300, 2, draw(random)),
      randomMatrix(4100, 2, draw(random)),
    ];
    expect(await nearestNeighbours(query, reference, 3, { threads: 2 })).toEqual(
      await nearestNeighbours(query, reference, 3),
    );
  });

  it('reports every row and stops with the reason of the signal, on threads too', async () => {
    const points = randomMatrix(1000, 3, seededRandom(10));
    for (const threads of [1, 3]) {
      const done: number[] = [];
      await nearestNeighbours(points, points, 2, { threads, onProgress: (p) => done.push(p.done) });
      expect(done).toEqual([...done].sort((a, b) => a - b));
      expect(done.at(-1)).toBe(1000);
      const reason = new Error('enough');
      const controller = new AbortController();
      const stopped = nearestNeighbours(points, points, 2, {
        threads,
        signal: controller.signal,
        onProgress: () => controller.abort(reason),
      });
      await expect(stopped).rejects.toBe(reason);
      const failing = nearestNeighbours(points, points, 2, {
        threads,
        onProgress: () => {
          throw reason;
        },
      });
      await expect(failing).rejects.toBe(reason);
    }
  });

  it('gives duplicates the distance 0 exactly', async () => {
    const random = seededRandom(3);
    const half = randomMatrix(40, 64, () => 1e3 * randomNormal(random));
    const twice = matrix(Float32Array.from([...half.data, ...half.data]), [80, 64]);
    const { indices, distances } = await nearestNeighbours(twice, twice, 1, { excludeSelf: true });
    expect([...distances]).toEqual(new Array(80).fill(0));
    expect([...indices]).toEqual(Array.from({ length: 80 }, (_, i) => (i + 40) % 80));
  });

  it('keeps the digits of tiny distances between large values', async () => {
    const query = matrix(Float32Array.of(4096, 4096), [1, 2]);
    const reference = matrix(Float32Array.of(4096, 4096 + 2 ** -11), [1, 2]);
    expect((await nearestNeighbours(query, reference, 1)).distances[0]).toBe(2 ** -11);
  });

  it('takes no queries', async () => {
    const found = await nearestNeighbours(
      randomMatrix(0, 2, () => 0),
      randomMatrix(3, 2, () => 0),
      2,
    );
    expect(found.indices).toHaveLength(0);
  });

  it('names what is wrong', async () => {
    const points = randomMatrix(5, 2, () => 1);
    const refusal = async (
      query: Matrix,
      reference: Matrix,
      k: number,
      excludeSelf = false,
    ): Promise<unknown> =>
      nearestNeighbours(query, reference, k, { excludeSelf }).catch((e: Error) => e.message);
    expect(await refusal(points, points, 6)).toBe(
      'nearestNeighbours: k must be a whole number from 1 to 5, got 6',
    );
    expect(await refusal(points, points, 5, true)).toContain('from 1 to 4, got 5');
    expect(await refusal(points, points, 0)).toContain('got 0');
    await expect(nearestNeighbours(points, points, 1, { threads: 0 })).rejects.toThrow(
      'nearestNeighbours: threads must be a whole number > 0, got 0',
    );
    expect(await refusal(points, points, 1.5)).toContain('got 1.5');
    expect(
      await refusal(
        points,
        randomMatrix(5, 3, () => 1),
        1,
      ),
    ).toContain('got 2 and 3');
    expect(
      await refusal(
        points,
        randomMatrix(0, 2, () => 1),
        1,
      ),
    ).toContain('must have rows, got 0');
    expect(
      await refusal(
        points,
        randomMatrix(5, 2, () => 1),
        1,
        true,
      ),
    ).toContain('to be the same');
    for (const wrong of [NaN, Infinity, -Infinity]) {
      const broken = randomMatrix(5, 2, () => 1);
      broken.data[7] = wrong;
      const message = `must be finite, got ${wrong} at row 3, column 1`;
      expect(await refusal(points, broken, 1)).toBe(`nearestNeighbours: reference ${message}`);
      expect(await refusal(broken, points, 1)).toBe(`nearestNeighbours: query ${message}`);
    }
  });

  it('reports progress up to the last row and leaves room for other work', async () => {
    const points = randomMatrix(300, 2, Math.random);
    const done: number[] = [];
    let turns = 0;
    const other = setInterval(() => turns++, 0);
    await nearestNeighbours(points, points, 1, {
      onProgress: (progress) => {
        expect(progress).toMatchObject({ label: 'nearest neighbours', total: 300, unit: 'row' });
        done.push(progress.done);
      },
    });
    clearInterval(other);
    expect(done.at(-1)).toBe(300);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.length).toBeGreaterThan(3);
    expect(turns).toBeGreaterThan(0);
  });

  it('stops with the reason of the signal', async () => {
    const points = randomMatrix(300, 2, Math.random);
    const reason = new Error('enough');
    await expect(
      nearestNeighbours(points, points, 1, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    const controller = new AbortController();
    let last = 0;
    const work = nearestNeighbours(points, points, 1, {
      signal: controller.signal,
      onProgress: ({ done }) => {
        last = done;
        controller.abort(reason);
      },
    });
    await expect(work).rejects.toBe(reason);
    expect(last).toBeLessThan(300);
  });
});
