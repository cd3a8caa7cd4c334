import { performance } from 'node:perf_hooks';
import type { Configuration } from '../../experiment/configuration';
import { sweep } from '../../experiment/sweep/sweep';
import type { TableValue } from '../../figure/table-text';
import { bar } from '../bar';
import { queueProblem, queueScene } from '../queue-scene';
import { showProgress, type Section } from '../section';
import { spread } from '../statistics';
import { rotated } from '../turns';
import { workloads, type Workload } from '../workload';

const TRIALS = 12;

/** Steps of a trial: some five seconds of training with the network of the MNIST study. */
const STEPS = 150;

/** What two workers may take of the time of one, and the queue with one of the time without. */
const BARS = { two: 0.56, overhead: 1.03 };

const EXPLANATION = `\
Seconds of a sweep of ${TRIALS} trials, ${STEPS} steps each, by one process of this machine ('local', jobs: 1) and through a queue in Redis by one worker and by two, each with one training at a time; a local sweep starts its training process, the workers were there before, with theirs. \
A ratio is the side's time over that of the side that it is compared with, within a round: its median over the rounds, with the 10 % and 90 % quantiles; every round begins with another side. \
'training' is what the trials say that their training took, together: it varies with the machine by more than a queue costs, so what a sweep takes beside it is compared as well.`;

/** Who trains, and with whose time its own is compared. */
const SIDES = [
  { name: 'local', workers: 0, beside: undefined },
  { name: 'queue, one worker', workers: 1, beside: 'local' },
  { name: 'queue, two workers', workers: 2, beside: 'queue, one worker' },
] as const;

/** How long a sweep took. */
export interface SweepTime {
  seconds: number;
  /** Seconds that its trials spent on training, together. */
  training: number;
}

/** The sweeps of every side, round by round. */
export type SweepTimes = ReadonlyMap<string, readonly SweepTime[]>;

/** What a queue costs, and what a second worker brings. */
export const queue: Section = {
  name: 'queue',
  summary: `sweeps of ${TRIALS} trials: through Redis against local, two workers against one`,
  workloads: workloads({ network: ['mnist'], loss: ['batch_all'], batch: [64], threads: [1] }),
  async measure([workload], { rounds }) {
    const problem = queueProblem();
    const notes = problem === undefined ? [] : [`redis-server is missing: ${problem}`];
    const times = new Map<string, SweepTime[]>(SIDES.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds && problem === undefined; round++) {
      for (const { name, workers } of rotated(SIDES, round)) {
        showProgress('queue', round + 1, rounds, name);
        times.get(name)!.push(await timeOf(workload, workers));
      }
    }
    const rows = problem === undefined ? queueRows(times) : [];
    return {
      explanation: EXPLANATION,
      columns: COLUMNS,
      rows,
      notes: [...notes, ...bars(rows, times)],
    };
  },
};

const COLUMNS = [
  { name: 'side' },
  { name: 's' },
  { name: '10 %' },
  { name: '90 %' },
  { name: 'training' },
  { name: 'beside' },
  { name: 'ratio', digits: 3 },
  { name: '10 %', digits: 3 },
  { name: '90 %', digits: 3 },
];

/** A row for every side; the ratios are taken within the rounds. */
export function queueRows(times: SweepTimes): TableValue[][] {
  return SIDES.map(({ name, beside }) => {
    const own = times.get(name)!;
    const { median, low, high } = spread(own.map(({ seconds }) => seconds));
    const training = spread(own.map((time) => time.training)).median;
    const other = beside === undefined ? undefined : times.get(beside)!;
    const ratio = other && spread(own.map(({ seconds }, i) => seconds / other[i].seconds));
    return [
      name,
      median,
      low,
      high,
      training,
      beside ?? null,
      ratio?.median ?? null,
      ratio?.low ?? null,
      ratio?.high ?? null,
    ];
  });
}

/** What the queue takes beside the training more than a local sweep does, as a share of that sweep. */
export function costOfQueue(times: SweepTimes): number {
  const [local, one] = SIDES.map(({ name }) => times.get(name)!);
  const extra = ({ seconds, training }: SweepTime): number => seconds - training;
  return spread(one.map((time, i) => (extra(time) - extra(local[i])) / local[i].seconds)).median;
}

function bars(rows: TableValue[][], times: SweepTimes): string[] {
  const at = COLUMNS.findIndex(({ name }) => name === 'ratio');
  const ratios = rows.map((row) => row[at]).filter((ratio) => typeof ratio === 'number');
  if (ratios.length === 0) return [];
  const [overhead, two] = ratios;
  return [
    bar('queue with one worker over local', overhead, { below: BARS.overhead }),
    bar('of that beside the training', 1 + costOfQueue(times), { below: BARS.overhead }),
    bar('two workers over one', two, { below: BARS.two }),
  ];
}

/** @param workers 0: this process has it trained by another, without a queue */
async function timeOf(workload: Workload, workers: number): Promise<SweepTime> {
  const { network, batch, threads } = workload;
  const base: Partial<Configuration> = {
    network: network === 'none' ? 'mnist' : network,
    batchSize: batch,
    threads,
    steps: STEPS,
    evaluateEvery: STEPS,
    trainLimit: 10_000,
    testLimit: 1_000,
  };
  const scene = await queueScene();
  try {
    await Promise.all(Array.from({ length: workers }, () => scene.startWorker()));
    const plan = { seed: Array.from({ length: TRIALS }, (_, i) => i + 1) };
    const started = performance.now();
    const runs = await sweep(base, plan, {
      runsFolder: scene.folder(),
      ...(workers === 0 ? { jobs: 1 } : { executor: 'queue' as const, redis: { url: scene.url } }),
    });
    const seconds = (performance.now() - started) / 1000;
    const failed = runs.find(({ status }) => status === 'failed');
    if (failed) throw new Error(`a trial has failed: ${failed.error}`);
    return { seconds, training: runs.reduce((sum, { summary }) => sum + summary.seconds, 0) };
  } finally {
    await scene.close();
  }
}
