import type { TableValue } from '../../figure/table-text';
import type { Report } from '../report';
import { showProgress, type Section, type Thoroughness } from '../section';
import { COMPILED, CPU, NO_PYTORCH, PYTORCH, pytorchVersion, WASM, type Side } from '../side';
import { spread } from '../statistics';
import { peakOfSteps, pytorchRatio, stepTimes, takeTurns, type Measured } from '../turns';
import { describeWorkload, workloads, type Workload } from '../workload';

/** A side of this section, and what it takes part in. */
interface Contender {
  side: Side;
  takes: (workload: Workload) => boolean;
  /** What it does not take part in, and why: one of the table's notes. */
  leftOut?: string;
}

const small = ({ batch, threads }: Workload): boolean => batch === 64 && threads === 1;

const CONTENDERS: Contender[] = [
  { side: COMPILED, takes: () => true },
  {
    side: PYTORCH,
    takes: ({ loss, batch }) => !(loss === 'batch_all' && batch > 256),
    leftOut:
      'PyTorch: no batch_all at batch 1024. Its dense form has tensors of 4 GiB and takes many seconds; the section loss measures it.',
  },
  {
    side: WASM,
    takes: small,
    leftOut: 'tfjs, wasm: only batch 64 on one thread. It takes up to a second for such a step.',
  },
  {
    side: CPU,
    takes: (workload) => small(workload) && workload.loss === 'batch_all',
    leftOut:
      'tfjs, cpu: only batch_all at batch 64, a single step that was not warmed up, and not with --quick. It takes up to a minute, nearly all of it in the convolutions, whatever the loss.',
  },
];

const EXPLANATION = `\
A ratio is PyTorch's time over this side's within a round, the median over the rounds: above 1 this side is faster than PyTorch. \
The sides take turns, each round beginning with another, because neighbours on a shared machine make milliseconds differ from minute to minute: trust the ratios before the times.`;

/** Training steps of both networks, of this library and its peers. */
export const training: Section = {
  name: 'training',
  summary: 'training steps: this library, PyTorch eager, tfjs wasm, tfjs cpu',
  workloads: workloads({
    network: ['mnist', 'fashion'],
    loss: ['batch_all', 'batch_hard', 'softmax'],
    batch: [64, 256, 1024],
    threads: [1, 2],
  }),
  async measure(selected, thoroughness) {
    const contenders = present(thoroughness);
    const rows: TableValue[][] = [];
    const problems: string[] = [];
    for (const [i, workload] of selected.entries()) {
      showProgress('training', i + 1, selected.length, describeWorkload(workload));
      const sides = contenders.filter(({ takes }) => takes(workload)).map(({ side }) => side);
      const turns = await takeTurns(sides, workload, thoroughness.rounds);
      rows.push(...trainingRows(workload, turns.measured));
      // A run that is cut off has at least shown this.
      for (const one of turns.measured) {
        const { median } = spread(stepTimes(one).flat());
        console.error(`  ${one.side.name}: ${median.toFixed(1)} ms`);
      }
      problems.push(...turns.problems);
    }
    const notes = CONTENDERS.filter(({ takes }) => !selected.every(takes)).flatMap(
      ({ leftOut = [] }) => leftOut,
    );
    if (pytorchVersion() === undefined) notes.push(NO_PYTORCH);
    return { explanation: EXPLANATION, columns: COLUMNS, rows, notes: [...notes, ...problems] };
  },
};

function present({ quick }: Thoroughness): Contender[] {
  return CONTENDERS.filter(
    ({ side }) => !(side === CPU && quick) && !(side === PYTORCH && pytorchVersion() === undefined),
  );
}

const COLUMNS: Report['columns'] = [
  { name: 'network' },
  { name: 'loss' },
  { name: 'batch' },
  { name: 'threads' },
  { name: 'side' },
  { name: 'ms/step', digits: 3 },
  { name: '10 %', digits: 3 },
  { name: '90 %', digits: 3 },
  { name: 'images/s' },
  { name: 'ratio', digits: 3 },
  { name: 'peak MB' },
];

/** The rows of one workload; the ratio is missing where PyTorch is. */
export function trainingRows(workload: Workload, measured: readonly Measured[]): TableValue[][] {
  const { network, loss, batch, threads } = workload;
  return measured.map((one) => {
    const { median, low, high } = spread(stepTimes(one).flat());
    return [
      network,
      loss,
      batch,
      threads,
      one.side.name,
      median,
      low,
      high,
      Math.round((1000 * batch) / median),
      pytorchRatio(one, measured),
      Math.round(Math.max(one.prepared.peakMegabytes, peakOfSteps(one))),
    ];
  });
}
