import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TableValue } from '../../figure/table-text';
import { bar } from '../bar';
import { notebookSession, type NotebookSession } from '../notebook-session';
import type { Report } from '../report';
import { showProgress, type Section } from '../section';
import { median, slope } from '../statistics';
import { workloads } from '../workload';

/** How often the cell of a finished sweep is executed again, and after how many memory counts. */
const REPETITIONS = 50;
const WARM_UP = 10;

const IMPORTS = `
import {
  comparisonTable, configure, enableFigures, interruptSignal, progressBar, run, show, sweep,
  sweepProgress, trainingCurves,
} from 'tripletlab';
enableFigures();`;

const EXPLANATION = `\
What a reader waits for in a notebook, measured in the kernel over its protocol, without a browser: from starting the kernel to the first figure of a run that is finished (imports included); the cell of a finished sweep of 9 trials, executed again ${REPETITIONS} times; from an interrupt of a training to the idle kernel. \
Memory is that of the kernel after a garbage collection: the slope of the straight line through all executions after the first ${WARM_UP}.`;

/** What a reader of a notebook waits for. */
export const notebook: Section = {
  name: 'notebook',
  summary: 'first figure, a finished sweep executed again, interrupt, memory of the kernel',
  workloads: workloads({ network: ['mnist'], loss: ['batch_all'], batch: [64], threads: [1] }),
  async measure(_, { rounds }) {
    const session = await notebookSession();
    try {
      showProgress('notebook', 0, 3, 'training 9 short trials');
      await session.run(IMPORTS);
      await session.run(sweepCell(session));
      showProgress('notebook', 1, 3, `executing the sweep ${REPETITIONS} times again`);
      const { seconds, megabytes } = await repeat(session);
      showProgress('notebook', 2, 3, 'first figure and interrupt');
      const interrupts: number[] = [];
      const figures: number[] = [];
      for (let round = 0; round < rounds; round++) {
        interrupts.push(await interruptTraining(session, round));
        figures.push(await firstFigure(session));
      }
      return reportOf({ figures, seconds, interrupts, megabytes });
    } finally {
      await session.close();
    }
  },
};

/** What was measured: seconds, and the kernel's megabytes. */
export interface NotebookTimes {
  figures: number[];
  seconds: number[];
  interrupts: number[];
  megabytes: number[];
}

/** The table of the section, and whether the bars are met. */
export function reportOf({ figures, seconds, interrupts, megabytes }: NotebookTimes): Report {
  const growth = slope(megabytes);
  const rows: TableValue[][] = [
    ['from kernel start to the first figure, s', ...summary(figures)],
    ['a finished sweep of 9 trials executed again, s', ...summary(seconds)],
    ['from interrupt to idle, s', ...summary(interrupts)],
    ['memory of the kernel, MB', ...summary(megabytes)],
  ];
  const columns = ['what', 'median', 'least', 'most'].map((name) => ({ name, digits: 3 }));
  const notes = [
    bar('the slowest first figure, s', Math.max(...figures), { below: 10 }),
    bar('the slowest sweep executed again, s', Math.max(...seconds), { below: 2 }),
    bar('the slowest interrupt, s', Math.max(...interrupts), { below: 2 }),
    bar('memory, MB more with each execution', growth, { below: 0.1 }),
  ];
  return { explanation: EXPLANATION, columns, rows, notes };
}

function summary(values: number[]): number[] {
  return [median(values), Math.min(...values), Math.max(...values)];
}

function sweepCell({ runsFolder }: NotebookSession): string {
  return `
const trials = await sweep(
  { dataset: 'mnist' },
  { margin: [0.5, 1, 3], seed: [1, 2, 3] },
  {
    preset: 'smoke', overrides: { steps: 2 }, runsFolder: ${JSON.stringify(runsFolder)},
    signal: interruptSignal(), onProgress: sweepProgress(),
  },
);
show(comparisonTable(trials, { title: 'Margins' }));`;
}

/** Executes the finished sweep again and again. */
async function repeat(
  session: NotebookSession,
): Promise<{ seconds: number[]; megabytes: number[] }> {
  await session.run(`
import { setFlagsFromString } from 'v8';
import { runInNewContext } from 'vm';
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');`);
  const seconds: number[] = [];
  const megabytes: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    const started = performance.now();
    await session.run(sweepCell(session));
    seconds.push((performance.now() - started) / 1000);
    const used = await session.run('collect(); console.log(process.memoryUsage().rss / 1e6);');
    if (i >= WARM_UP) megabytes.push(Number(used));
  }
  return { seconds, megabytes };
}

/**
 * Interrupts a training, each round another.
 *
 * @returns seconds
 * @throws Error when it has left no checkpoint
 */
async function interruptTraining(session: NotebookSession, round: number): Promise<number> {
  const { runsFolder } = session;
  const name = `interrupted-${round}`;
  const milliseconds = await session.interrupt(
    `
await run(configure({ name: '${name}', seed: ${100 + round} }, 'smoke', { steps: 100_000 }), {
  runsFolder: ${JSON.stringify(runsFolder)}, signal: interruptSignal(), onProgress: progressBar(),
});`,
    5,
  );
  const folder = readdirSync(runsFolder).find((each) => each.startsWith(name));
  if (folder === undefined || !existsSync(join(runsFolder, folder, 'checkpoint.bin'))) {
    throw new Error('notebook: the interrupted training has left no checkpoint');
  }
  return milliseconds / 1000;
}

/** From starting the kernel until a figure of a finished run is there, in seconds. */
async function firstFigure(session: NotebookSession): Promise<number> {
  const started = performance.now();
  await session.restart();
  await session.run(IMPORTS);
  await session.run(`
const [finished] = await sweep({ dataset: 'mnist' }, { margin: [0.5], seed: [1] }, {
  preset: 'smoke', overrides: { steps: 2 }, runsFolder: ${JSON.stringify(session.runsFolder)},
});
show(trainingCurves(finished, { title: 'Curves' }));`);
  return (performance.now() - started) / 1000;
}
