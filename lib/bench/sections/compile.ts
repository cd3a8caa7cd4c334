import type { TableValue } from '../../figure/table-text';
import { bar } from '../bar';
import { showProgress, type Section } from '../section';
import { COMPILED, type Side } from '../side';
import { median, spread } from '../statistics';
import { stepTimes, takeTurns, type Measured } from '../turns';
import { describeWorkload, workloads, type Workload } from '../workload';

/** The first step of a process, which compiles, and two to know what a step takes without that. */
const FROM_COLD: Side = { ...COMPILED, limit: { steps: 3 }, rounds: 1, warmUp: false };

const BAR = 1000;

const EXPLANATION = `\
How much longer the first step of a fresh process takes than those that follow: the network is built, its step traced and made into a graph, and onnxruntime prepared for it. \
It is the time that a user waits before training begins, with nothing warmed up, once a run.`;

/** What compiling a training step takes. */
export const compile: Section = {
  name: 'compile',
  summary: 'time to compile the step of each workload, in a fresh process',
  workloads: workloads({
    network: ['mnist', 'fashion'],
    loss: ['batch_all', 'batch_hard', 'softmax'],
    batch: [64, 256, 1024],
    threads: [1],
  }),
  async measure(selected, { rounds }) {
    const rows: TableValue[][] = [];
    const notes: string[] = [];
    for (const [i, workload] of selected.entries()) {
      showProgress('compile', i + 1, selected.length, describeWorkload(workload));
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const { measured, problems } = await takeTurns([FROM_COLD], workload, 1);
        times.push(...measured.map(compileTime));
        notes.push(...problems);
      }
      if (times.length > 0) rows.push(compileRow(workload, times));
    }
    if (rows.length > 0) {
      const slowest = Math.max(...rows.map((row) => row[3] as number));
      notes.push(bar('the slowest median, ms', slowest, { below: BAR }));
    }
    const columns = [
      { name: 'network' },
      { name: 'loss' },
      { name: 'batch' },
      { name: 'ms', digits: 3 },
      { name: '10 %', digits: 3 },
      { name: '90 %', digits: 3 },
    ];
    return { explanation: EXPLANATION, columns, rows, notes };
  },
};

/** The first step's time less that of the steps after it. */
export function compileTime(measured: Measured): number {
  const [first, ...later] = stepTimes(measured).flat();
  return first - median(later);
}

function compileRow({ network, loss, batch }: Workload, times: readonly number[]): TableValue[] {
  const { median, low, high } = spread(times);
  return [network, loss, batch, median, low, high];
}
