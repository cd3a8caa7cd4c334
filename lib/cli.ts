import { UsageError, type Command } from './commands/command';
import { terminalText } from './data/terminal-text';

/** Loaded when they are called: `doctor` has to work where packages that others need do not load. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<Command> }> = {
  notebooks: {
    summary: 'run notebooks and write their HTML reports',
    load: async () => (await import('./commands/notebooks.js')).notebooks,
  },
  lab: {
    summary: 'open notebooks in JupyterLab',
    load: async () => (await import('./commands/lab.js')).lab,
  },
  report: {
    summary: 'write the HTML reports of notebooks as they are, without running them',
    load: async () => (await import('./commands/report.js')).report,
  },
  check: {
    summary: 'say why a notebook should not be committed',
    load: async () => (await import('./commands/check.js')).check,
  },
  train: {
    summary: 'train one configuration',
    load: async () => (await import('./commands/train.js')).train,
  },
  sweep: {
    summary: 'train many configurations at a time, and compare them',
    load: async () => (await import('./commands/sweep.js')).sweepCommand,
  },
  worker: {
    summary: 'train what sweeps put into a queue, on any number of machines',
    load: async () => (await import('./commands/worker.js')).worker,
  },
  runs: {
    summary: 'list, filter, compare and remove runs',
    load: async () => (await import('./commands/runs.js')).runsCommand,
  },
  export: {
    summary: 'write a run for other programs: ONNX, tfjs, TensorBoard',
    load: async () => (await import('./commands/export.js')).exportRun,
  },
  data: {
    summary: 'say where the datasets are, and download Fashion-MNIST',
    load: async () => (await import('./commands/data.js')).data,
  },
  doctor: {
    summary: 'say what this machine has, what is used and what is missing',
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
};

const HELP = `tripletlab <command> [options]

Triplet loss, reproduced and explained.

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`)
  .join('\n')}

  tripletlab <command> --help tells more.`;

/**
 * Runs the `tripletlab` program.
 *
 * @param args the arguments after the program's name
 * @returns the exit status: 0 success, 1 the work failed, 2 wrong arguments
 */
export async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(HELP);
    return name === undefined ? 2 : 0;
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    console.error(`tripletlab: no command '${name}'.\n\n${HELP}`);
    return 2;
  }
  let command: Command | undefined;
  try {
    command = await COMMANDS[name].load();
    if (!rest.includes('--help')) return await command.run(rest);
    console.log(command.help);
    return 0;
  } catch (error) {
    console.error(terminalText(`tripletlab ${name}: ${(error as Error).message}`));
    if (!(error instanceof UsageError)) return 1;
    console.error(`\n${command?.help}`);
    return 2;
  }
}
