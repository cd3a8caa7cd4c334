import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Matrix, selectRows } from '../../data/matrix';
import { readMnist } from '../../data/mnist';
import { rawPixels } from '../../evaluate/raw-pixels';
import type { TableValue } from '../../figure/table-text';
import { pca } from '../../projection/pca';
import { bar } from '../bar';
import { type Contest, holdContest, type Projected } from '../projection-contest';
import { PEERS, POINT_COLUMNS, TRIPLETLAB } from '../projection-task';
import { judge, type Worth } from '../projection-worth';
import { showProgress, type Section } from '../section';
import { pairedRatio, spread } from '../statistics';
import { workloads, type Workload } from '../workload';

const EXPLANATION = `\
Test images of MNIST, reduced to ${POINT_COLUMNS} dimensions by PCA, projected to the plane: t-SNE with perplexity 30 and 1,000 iterations from a PCA, UMAP with 15 neighbours, minimal distance 0.1 and as many epochs as each takes by itself. \
A ratio is the peer's time over this side's within a round, the median over the rounds: above 1 this side is faster; every round begins with another side. \
Quality is computed here, in the same way for all: the Kullback-Leibler divergence exactly, the trustworthiness of 12 neighbours, and the leave-one-out accuracy of 10 neighbours in the plane.`;

/** A side, and what its picture is worth. */
export type Judged = Omit<Projected, 'picture'> & Worth;

/** Projections of thousands of points, of this library and its peers. */
export const projection: Section = {
  name: 'projection',
  summary: 't-SNE and UMAP of thousands of points beside scikit-learn and umap-learn',
  workloads: [
    ...workloads({ network: ['none'], loss: ['tsne'], batch: [2000, 10_000], threads: [1, 2] }),
    ...workloads({ network: ['none'], loss: ['umap'], batch: [2000, 10_000], threads: [1] }),
  ],
  quick: ['2000'],
  async measure(selected, { rounds, quick }) {
    const rows: TableValue[][] = [];
    const notes: string[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'tripletlab-projection-'));
    try {
      const { test } = await readMnist();
      const points = await pca(rawPixels(test), { dimensions: POINT_COLUMNS });
      writeFileSync(join(folder, 'points'), new Uint8Array(points.data.buffer));
      const contests = contestsOf(selected);
      for (const [i, contest] of contests.entries()) {
        const { method, count } = contest;
        showProgress('projection', i + 1, contests.length, `${method}, ${count} points`);
        const { projected, problems } = await holdContest(contest, folder, quick ? 1 : rounds);
        notes.push(...problems);
        const first = firstRows(points, count);
        const worth = await judge(first, test.labels.subarray(0, count), method === 'tsne');
        const judged: Judged[] = [];
        for (const { picture, ...rest } of projected) {
          judged.push({ ...rest, ...(await worth(picture)) });
        }
        rows.push(...projectionRows(contest, judged));
        notes.push(...projectionBars(contest, judged));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    return { explanation: EXPLANATION, columns: COLUMNS, rows, notes };
  },
};

const COLUMNS = [
  { name: 'method' },
  { name: 'points' },
  { name: 'side' },
  { name: 'threads' },
  { name: 's', digits: 3 },
  { name: '10 %', digits: 3 },
  { name: '90 %', digits: 3 },
  { name: 'ratio', digits: 3 },
  { name: 'KL', digits: 4 },
  { name: 'trustworthiness', digits: 4 },
  { name: 'accuracy', digits: 4 },
  { name: 'peak MB' },
];

function firstRows(points: Matrix, count: number): Matrix {
  return selectRows(
    points,
    Array.from({ length: count }, (_, i) => i),
  );
}

/** Workloads that differ in nothing but threads are measured together. */
function contestsOf(selected: readonly Workload[]): Contest[] {
  const contests: Contest[] = [];
  for (const { loss, batch, threads } of selected) {
    const known = contests.find(({ method, count }) => method === loss && count === batch);
    if (known) known.threads.push(threads);
    else contests.push({ method: loss as Contest['method'], count: batch, threads: [threads] });
  }
  return contests;
}

/** A row for every side; the ratio is missing where the peer is. */
export function projectionRows(
  { method, count }: Contest,
  judged: readonly Judged[],
): TableValue[][] {
  const peer = judged.find(({ side }) => side === PEERS[method].name);
  return judged.map((one) => {
    const { median, low, high } = spread(
      one.rounds.flat().map((milliseconds) => milliseconds / 1000),
    );
    return [
      method === 'tsne' ? 't-SNE' : 'UMAP',
      count,
      one.side,
      one.threads,
      median,
      low,
      high,
      peer ? pairedRatio(one.rounds, peer.rounds) : null,
      one.divergence,
      one.trustworthiness,
      one.accuracy,
      Math.round(one.peakMegabytes),
    ];
  });
}

/** Share of the peer's time that this library may take, with as many threads as it can use. */
const TIME = { tsne: 0.5, umap: 1.5 };

/** What is asked of this library with the most threads, beside the peer and by itself. */
export function projectionBars({ method, count }: Contest, judged: readonly Judged[]): string[] {
  const ours = judged.filter(({ side }) => side === TRIPLETLAB.name);
  const peer = judged.find(({ side }) => side === PEERS[method].name);
  const [slowest, own] = [ours[0], ours.at(-1)];
  if (!own) return [];
  const about = (what: string): string => `${method}, ${count} points, ${what}`;
  const notes = [bar(about('peak MB'), own.peakMegabytes, { below: 400 })];
  if (own.threads === 2 && slowest.threads === 1) {
    const gain = pairedRatio(own.rounds, slowest.rounds);
    notes.push(bar(about('one thread over two'), gain, { above: 1.6 }));
  }
  if (!peer) return notes;
  const share = pairedRatio(peer.rounds, own.rounds);
  notes.push(bar(about(`time over ${peer.side}'s`), share, { below: TIME[method] }));
  if (own.divergence !== null && peer.divergence !== null) {
    const ratio = own.divergence / peer.divergence;
    notes.push(bar(about(`KL over ${peer.side}'s`), ratio, { below: 1.01 }));
  }
  const trust = own.trustworthiness - peer.trustworthiness;
  const accuracy = own.accuracy - peer.accuracy;
  notes.push(bar(about(`trustworthiness less ${peer.side}'s`), trust, { above: -0.002 }));
  notes.push(bar(about(`accuracy less ${peer.side}'s`), accuracy, { above: -0.005 }));
  return notes;
}
