import type { TableValue } from '../../figure/table-text';
import { bar } from '../bar';
import { Peer, type Timing } from '../peer';
import { showProgress, type Section } from '../section';
import { COMPILED, NO_PYTORCH, PYTORCH, pytorchVersion, type Side } from '../side';
import { median, spread } from '../statistics';
import { rotated } from '../turns';
import { describeWorkload, workloads, type Workload } from '../workload';

/** Long beside a step, so that the end of one process before the other's does not matter. */
const TURN = { milliseconds: 2000 };

const BAR = 1.8;

const EXPLANATION = `\
Images per second of one training process, of two at once together, and their ratio within a round: its median over the rounds, with the 10 % and 90 % quantiles; every process has one thread. \
Both cores share memory bandwidth and perhaps more, with neighbours too: PyTorch's figure tells what this machine allows.`;

/** What a second training process at the same time adds. */
export const scaling: Section = {
  name: 'scaling',
  summary: 'two training processes at once against one',
  workloads: workloads({
    network: ['mnist', 'fashion'],
    loss: ['batch_all'],
    batch: [64],
    threads: [1],
  }),
  async measure(selected, { rounds }) {
    const sides = [COMPILED, ...(pytorchVersion() === undefined ? [] : [PYTORCH])];
    const rows: TableValue[][] = [];
    const notes: string[] = sides.includes(PYTORCH) ? [] : [NO_PYTORCH];
    for (const [i, workload] of selected.entries()) {
      showProgress('scaling', i + 1, selected.length, describeWorkload(workload));
      const measured = await scalingOf(sides, workload, rounds);
      rows.push(...measured.map((one) => scalingRow(workload, one)));
      const ratio = median(measured[0].rounds.map(({ one, two }) => two / one));
      notes.push(bar(`${workload.network}, two processes over one`, ratio, { above: BAR }));
    }
    const columns = [
      { name: 'network' },
      { name: 'side' },
      { name: 'one, images/s' },
      { name: 'two, images/s' },
      { name: 'ratio', digits: 3 },
      { name: '10 %', digits: 3 },
      { name: '90 %', digits: 3 },
    ];
    return { explanation: EXPLANATION, columns, rows, notes };
  },
};

/** A side's images per second, round by round. */
export interface Throughputs {
  side: Side;
  rounds: { one: number; two: number }[];
}

async function scalingOf(
  sides: readonly Side[],
  workload: Workload,
  rounds: number,
): Promise<Throughputs[]> {
  const players = sides.map((side) => {
    const peers = [0, 1].map(() => new Peer(side.command(workload)));
    return { side, peers, rounds: [] as Throughputs['rounds'] };
  });
  try {
    for (const { peers } of players) for (const peer of peers) await peer.ask({ steps: 1 });
    for (let round = 0; round < rounds; round++) {
      for (const { peers, rounds } of rotated(players, round)) {
        const throughput = { one: NaN, two: NaN };
        for (const which of rotated(['one', 'two'] as const, round)) {
          const asked = which === 'one' ? peers.slice(0, 1) : peers;
          const timings = await Promise.all(asked.map((peer) => peer.ask(TURN)));
          throughput[which] = imagesPerSecond(timings, workload.batch);
        }
        rounds.push(throughput);
      }
    }
  } finally {
    for (const { peers } of players) for (const peer of peers) peer.stop();
  }
  return players;
}

/** Of processes at the same time, together. */
export function imagesPerSecond(timings: readonly Timing[], batch: number): number {
  return timings.reduce((sum, { milliseconds }) => {
    const total = milliseconds.reduce((a, b) => a + b, 0);
    return sum + (1000 * batch * milliseconds.length) / total;
  }, 0);
}

/** The ratio is taken within every round. */
export function scalingRow({ network }: Workload, { side, rounds }: Throughputs): TableValue[] {
  const ratio = spread(rounds.map(({ one, two }) => two / one));
  return [
    network,
    side.name,
    Math.round(median(rounds.map(({ one }) => one))),
    Math.round(median(rounds.map(({ two }) => two))),
    ratio.median,
    ratio.low,
    ratio.high,
  ];
}
