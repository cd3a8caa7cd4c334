import type { TableValue } from '../../figure/table-text';
import { Peer } from '../peer';
import { showProgress, type Section } from '../section';
import { COMPILED } from '../side';
import { slope } from '../statistics';
import { describeWorkload, workloads, type Workload } from '../workload';

/** Steps between two samples. */
const INTERVAL = 500;

/** Steps before the first sample, in which Node's heap finds its size. */
const WARM_UP = 1000;

const EXPLANATION = `\
Resident memory of a training process, sampled every ${INTERVAL} steps after ${WARM_UP} steps to warm up: the slope of the straight line fitted to the samples, and how far they are apart. \
A step that kept anything would show as a slope that does not get smaller with more steps; garbage that comes and goes shows as a distance without a slope.`;

/** Whether memory stays as it is over many steps. */
export const memory: Section = {
  name: 'memory',
  summary: 'resident memory over thousands of compiled steps',
  workloads: workloads({ network: ['fashion'], loss: ['batch_all'], batch: [64], threads: [1] }),
  async measure(selected, { steps }) {
    const rows: TableValue[][] = [];
    const notes: string[] = [];
    for (const workload of selected) {
      const samples = await sample(workload, steps);
      rows.push(memoryRow(workload, samples));
      const listed = samples.map((megabytes) => megabytes.toFixed(0)).join(', ');
      notes.push(`${describeWorkload(workload)}, MB every ${INTERVAL} steps: ${listed}`);
    }
    const columns = [
      { name: 'network' },
      { name: 'loss' },
      { name: 'batch' },
      { name: 'steps' },
      { name: 'MB per 1,000 steps', digits: 2 },
      { name: 'least MB' },
      { name: 'most MB' },
      { name: 'apart, MB', digits: 2 },
    ];
    return { explanation: EXPLANATION, columns, rows, notes };
  },
};

/** Resident megabytes after the warm-up, and then after every interval. */
async function sample(workload: Workload, steps: number): Promise<number[]> {
  const peer = new Peer(COMPILED.command(workload));
  try {
    const { residentMegabytes } = await peer.ask({ steps: WARM_UP });
    const samples = [residentMegabytes];
    for (let done = INTERVAL; done <= steps; done += INTERVAL) {
      samples.push((await peer.ask({ steps: INTERVAL })).residentMegabytes);
      showProgress('memory', done, steps, describeWorkload(workload));
    }
    return samples;
  } finally {
    peer.stop();
  }
}

/** @param samples resident megabytes, an interval apart */
export function memoryRow(
  { network, loss, batch }: Workload,
  samples: readonly number[],
): TableValue[] {
  const [least, most] = [Math.min(...samples), Math.max(...samples)];
  return [
    network,
    loss,
    batch,
    (samples.length - 1) * INTERVAL,
    slope(samples) * (1000 / INTERVAL),
    Math.round(least),
    Math.round(most),
    most - least,
  ];
}
