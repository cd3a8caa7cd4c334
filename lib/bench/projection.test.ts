import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../data/matrix';
import { randomNormal, seededRandom } from '../data/random';
import { isMissing, pythonModule } from '../data/require-peer';
import { type Contest, holdContest } from './projection-contest';
import { judge } from './projection-worth';
import { type Judged, projectionBars, projectionRows } from './sections/projection';

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-contest-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Three clouds of 50 points each. */
function clouds(): { points: Matrix; labels: Uint8Array } {
  const random = seededRandom(1);
  const labels = Uint8Array.from({ length: 150 }, (_, i) => i % 3);
  const data = Float32Array.from({ length: 150 * 64 }, (_, c) => {
    return randomNormal(random) + (labels[Math.floor(c / 64)] === c % 64 ? 20 : 0);
  });
  return { points: matrix(data, [150, 64]), labels };
}

describe.skipIf(isMissing(pythonModule('scikit-learn', 'sklearn')))('a contest', () => {
  it('is held between like pictures', async () => {
    // Beside other tests, threads that wait for each other would mostly wait.
    process.env.OMP_NUM_THREADS = '1';
    const { points, labels } = clouds();
    writeFileSync(join(folder, 'points'), new Uint8Array(points.data.buffer));
    const contest: Contest = { method: 'tsne', count: 150, threads: [1] };
    const { projected, problems } = await holdContest(contest, folder, 1);
    expect(problems).toEqual([]);
    expect(projected.map(({ side }) => side)).toEqual(['tripletlab', 'scikit-learn']);
    const worth = await judge(points, labels, true);
    const own = await worth(projected[0].picture);
    const peer = await worth(projected[1].picture);
    expect([own.accuracy, peer.accuracy]).toEqual([1, 1]);
    expect(Math.abs(own.trustworthiness - peer.trustworthiness)).toBeLessThan(0.02);
    expect((own.divergence ?? NaN) / (peer.divergence ?? NaN)).toBeCloseTo(1, 1);
    for (const { rounds, peakMegabytes } of projected) {
      expect(rounds.map((times) => times.length)).toEqual([1]);
      expect(rounds[0][0]).toBeGreaterThan(0);
      expect(peakMegabytes).toBeGreaterThan(10);
    }
  });
});

describe('the section on projections', () => {
  const contest: Contest = { method: 'tsne', count: 100, threads: [1, 2] };
  const judged = (side: string, threads: number, rounds: number[][], more = {}): Judged => ({
    side,
    threads,
    rounds,
    peakMegabytes: 210.4,
    divergence: 1.5,
    trustworthiness: 0.98,
    accuracy: 0.95,
    ...more,
  });
  const one = judged('tripletlab', 1, [[40_000], [20_000]]);
  const two = judged('tripletlab', 2, [[20_000], [12_000]], { accuracy: 0.94 });
  const peer = judged('scikit-learn', 2, [[60_000], [60_000]], { divergence: 1.2 });

  it('has a row for every side', () => {
    expect(projectionRows(contest, [one, peer])).toEqual([
      ['t-SNE', 100, 'tripletlab', 1, 30, 22, 38, 2.25, 1.5, 0.98, 0.95, 210],
      ['t-SNE', 100, 'scikit-learn', 2, 60, 60, 60, 1, 1.2, 0.98, 0.95, 210],
    ]);
    expect(projectionRows(contest, [one])[0][7]).toBeNull();
  });

  it('says which bars are met, for the most threads', () => {
    expect(
      projectionBars(contest, [one, two, peer]).map((note) => note.split(', ').slice(2)),
    ).toEqual([
      ['peak MB: 210', 'asked for below 400: met.'],
      ['one thread over two: 1.83', 'asked for above 1.600: met.'],
      ["time over scikit-learn's: 0.267", 'asked for below 0.5000: met.'],
      ["KL over scikit-learn's: 1.25", 'asked for below 1.010: NOT MET.'],
      ["trustworthiness less scikit-learn's: 0", 'asked for above −0.002000: met.'],
      ["accuracy less scikit-learn's: −0.0100", 'asked for above −0.005000: NOT MET.'],
    ]);
    expect(projectionBars(contest, [one])).toHaveLength(1);
    expect(projectionBars(contest, [])).toEqual([]);
  });
});
