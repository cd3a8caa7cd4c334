import type { TableValue } from '../../figure/table-text';
import { showProgress, type Section } from '../section';
import { COMPILED } from '../side';
import { spread } from '../statistics';
import { stepTimes, takeTurns } from '../turns';
import { describeWorkload, workloads } from '../workload';

const EXPLANATION = `\
What losses that rank the distances of every anchor could be made of: each form alone, compiled, on one thread, with keys [B, B]; those marked 'used' are what this library's losses are made of. \
Every form runs in a process of its own, one after another, so that small differences may be the machine's.`;

/** The operations behind the sorted losses, and what could stand in their place. */
export const ranking: Section = {
  name: 'ranking',
  summary: 'operations that the sorted losses are made of, and alternatives',
  workloads: [
    ...workloads({
      network: ['none'],
      loss: [
        'topk of B columns (used)',
        'topk of B out of 2 B columns',
        'topk of 2 B columns',
        'scatterND that inverts the order (used)',
        'topk that inverts the order',
        'gather along rows (used)',
        'gather from one vector',
      ],
      batch: [64, 1024],
      threads: [1],
    }),
    // It takes memory as B^3.
    ...workloads({
      network: ['none'],
      loss: ['differences of all triplets'],
      batch: [64],
      threads: [1],
    }),
  ],
  async measure(selected, { rounds }) {
    const rows: TableValue[][] = [];
    const notes: string[] = [];
    for (const [i, workload] of selected.entries()) {
      showProgress('ranking', i + 1, selected.length, describeWorkload(workload));
      const { measured, problems } = await takeTurns([COMPILED], workload, rounds);
      notes.push(...problems);
      for (const one of measured) {
        const { median, low, high } = spread(stepTimes(one).flat());
        rows.push([workload.loss, workload.batch, median, low, high]);
      }
    }
    const columns = [
      { name: 'form' },
      { name: 'B' },
      { name: 'ms', digits: 3 },
      { name: '10 %', digits: 3 },
      { name: '90 %', digits: 3 },
    ];
    return { explanation: EXPLANATION, columns, rows, notes };
  },
};
