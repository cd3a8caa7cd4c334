import { UsageError } from '../commands/command';
import { projectPath } from '../data/project';
import { helpText, parseArguments, type BenchmarkOptions } from './arguments';
import { thisMachine } from './machine';
import { reportText, saveReport } from './report';
import type { Section } from './section';
import { compile } from './sections/compile';
import { convolution } from './sections/convolution';
import { loss } from './sections/loss';
import { memory } from './sections/memory';
import { notebook } from './sections/notebook';
import { projection } from './sections/projection';
import { queue } from './sections/queue';
import { ranking } from './sections/ranking';
import { registry } from './sections/registry';
import { scaling } from './sections/scaling';
import { training } from './sections/training';
import { select } from './workload';

/** The benchmark, a program: `npm run bench -- --help` says what it can do. */

const SECTIONS: Section[] = [
  training,
  loss,
  ranking,
  convolution,
  scaling,
  memory,
  compile,
  projection,
  notebook,
  registry,
  queue,
];

/** What --quick measures of the workloads, unless a section says otherwise. */
const QUICK = ['64', '1'];

async function run(options: BenchmarkOptions): Promise<void> {
  // All before the first measurement: what is wrong with the arguments is said at once.
  const selections = options.sections.map(({ workloads, quick = QUICK }) =>
    select(options.quick ? select(workloads, quick) : workloads, options.only),
  );
  const machine = thisMachine();
  for (const [i, section] of options.sections.entries()) {
    const report = await section.measure(selections[i], options);
    console.log(`${reportText(section.name, machine, report)}\n`);
    if (options.save) {
      const order = SECTIONS.map(({ name }) => name);
      saveReport(projectPath('results'), order, section.name, { machine, report });
    }
  }
}

async function main(args: string[]): Promise<number> {
  try {
    const options = parseArguments(args, SECTIONS);
    if (options.help) console.log(helpText(SECTIONS));
    else await run(options);
    return 0;
  } catch (error) {
    console.error(`bench: ${(error as Error).message}`);
    if (!(error instanceof UsageError)) return 1;
    console.error(`\n${helpText(SECTIONS)}`);
    return 2;
  }
}

void main(process.argv.slice(2)).then((status) => (process.exitCode = status));
