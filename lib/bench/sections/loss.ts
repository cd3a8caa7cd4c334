import { freemem } from 'node:os';
import type { TableValue } from '../../figure/table-text';
import { bar } from '../bar';
import { showProgress, type Section } from '../section';
import { COMPILED, NO_PYTORCH, PYTORCH, pytorchVersion, type Side } from '../side';
import { spread } from '../statistics';
import { peakOfSteps, pytorchRatio, stepTimes, takeTurns, type Measured } from '../turns';
import { describeWorkload, workloads, type Workload } from '../workload';

/** Float32 tensors [B, B, B] that PyTorch's dense form must have room for: it was seen to hold 4.3. */
const DENSE_TENSORS = 5;

/** Rounds of PyTorch's dense form where a step takes many seconds. */
const LARGE_ROUNDS = 2;

const BARS = { ratio: 50, extraMegabytes: 100 };

const EXPLANATION = `\
A loss of embeddings [batch, 64] with its gradient alone, on one thread; PyTorch computes batch_all in its dense form, with tensors of B^3 elements. \
A ratio is PyTorch's time over this library's within a round, the median over the rounds; 'compile MB' is the peak of the resident memory less what was resident when the libraries were loaded, and 'extra MB' the peak of the runs less what was resident before the first.`;

/** The sorted losses against their dense forms. */
export const loss: Section = {
  name: 'loss',
  summary: 'losses with their gradients alone: sorted, dense, and PyTorch dense',
  workloads: [
    ...workloads({
      network: ['none'],
      loss: ['distances', 'batch_all', 'semi_hard'],
      batch: [64, 256, 1024],
      threads: [1],
    }),
    ...workloads({
      network: ['none'],
      loss: ['batch_all_dense', 'semi_hard_dense'],
      batch: [64, 256],
      threads: [1],
    }),
  ],
  async measure(selected, { rounds }) {
    const rows: TableValue[][] = [];
    const notes: string[] = [];
    for (const [i, workload] of selected.entries()) {
      showProgress('loss', i + 1, selected.length, describeWorkload(workload));
      const peer = peerOf(workload);
      if (typeof peer === 'string') notes.push(peer);
      const sides = [COMPILED, ...(typeof peer === 'object' ? [peer] : [])];
      const { measured, problems } = await takeTurns(sides, workload, rounds);
      rows.push(...lossRows(workload, measured));
      notes.push(...problems);
      if (workload.batch === 1024 && workload.loss === 'batch_all') notes.push(...bars(measured));
    }
    const columns = [
      { name: 'loss' },
      { name: 'batch' },
      { name: 'side' },
      { name: 'ms', digits: 3 },
      { name: '10 %', digits: 3 },
      { name: '90 %', digits: 3 },
      { name: 'ratio', digits: 3 },
      { name: 'compile MB' },
      { name: 'extra MB' },
    ];
    return { explanation: EXPLANATION, columns, rows, notes: [...new Set(notes)] };
  },
};

/** PyTorch for batch_all, undefined for what it has no form of, and a reason where it cannot run. */
function peerOf({ loss, batch }: Workload): Side | string | undefined {
  if (loss !== 'batch_all') return undefined;
  if (pytorchVersion() === undefined) return NO_PYTORCH;
  const [needed, free] = [DENSE_TENSORS * 4 * batch ** 3, freemem()];
  if (free < needed) {
    return `PyTorch is left out at batch ${batch}: its dense form needs about ${gigabytes(needed)} GB, and ${gigabytes(free)} GB are free.`;
  }
  return { ...PYTORCH, rounds: batch > 256 ? LARGE_ROUNDS : undefined };
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

/** The rows of one workload; the ratio is missing where PyTorch is. */
export function lossRows({ loss, batch }: Workload, measured: readonly Measured[]): TableValue[][] {
  return measured.map((one) => {
    const { median, low, high } = spread(stepTimes(one).flat());
    const ratio = pytorchRatio(one, measured);
    const { prepared, loaded } = one;
    const compiling = prepared.peakMegabytes - loaded.residentMegabytes;
    const memory = [compiling, extraMegabytes(one)].map(Math.round);
    return [loss, batch, one.side.name, median, low, high, ratio, ...memory];
  });
}

/** Peak memory beyond what was there before the loss ran. */
function extraMegabytes(one: Measured): number {
  return peakOfSteps(one) - one.prepared.residentMegabytes;
}

/** What is asked of batch_all at batch 1024. */
function bars(measured: readonly Measured[]): string[] {
  const own = measured.find(({ side }) => side === COMPILED);
  if (!own) return [];
  const ratio = pytorchRatio(own, measured);
  const what = 'batch_all at batch 1024';
  return [
    ...(ratio === null ? [] : [bar(`${what}, ratio`, ratio, { above: BARS.ratio })]),
    bar(`${what}, extra MB`, extraMegabytes(own), { below: BARS.extraMegabytes }),
  ];
}
