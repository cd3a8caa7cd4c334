import { parseArgs } from 'node:util';
import { parsed, UsageError } from '../commands/command';
import type { Section, Thoroughness } from './section';

/** What `npm run bench` was asked for. */
export interface BenchmarkOptions extends Thoroughness {
  sections: Section[];
  /** Values of properties that workloads are restricted to. */
  only: string[];
  save: boolean;
  help: boolean;
}

/** A slope needs a few samples, which are 500 steps apart. */
const LEAST_STEPS = 1000;

/** How the benchmark is called. */
export function helpText(sections: readonly Section[]): string {
  return `npm run bench -- [section …] [options]

Compares training steps, what they are made of, and projections with other programs, in one run.

${sections.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`).join('\n')}

  Without a section: ${sections[0].name}.

  --rounds N       how often the sides take turns; default 5, with --quick 3
  --only A,B       only these networks, losses, operations, batches and threads: mnist,forward,64
  --quick          batch 64 on one thread, or 2,000 points, fewer rounds, without what takes minutes
  --steps N        steps of the section memory, >= ${LEAST_STEPS}; default 20000, with --quick 2000
  --save           also write results/benchmark.md and results/benchmark.json
  --help           print this

Examples
  npm run bench -- --quick
  npm run bench -- training --only mnist,batch_all,64,1 --rounds 9
  npm run bench -- loss scaling --save`;
}

/**
 * @param sections those there are, the default first
 * @throws UsageError when the arguments are wrong
 */
export function parseArguments(args: string[], sections: readonly Section[]): BenchmarkOptions {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args,
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        steps: { type: 'string' },
        save: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }),
  );
  const { quick, save, help } = values;
  const only = values.only.flatMap((text) => text.split(',')).map((term) => term.trim());
  if (save && (quick || only.length > 0)) {
    throw new UsageError('--save keeps whole tables: it goes with neither --quick nor --only');
  }
  return {
    sections: positionals.length === 0 ? [sections[0]] : sectionsOf(positionals, sections),
    rounds: wholeNumber('--rounds', values.rounds ?? (quick ? '3' : '5'), 1),
    steps: wholeNumber('--steps', values.steps ?? (quick ? '2000' : '20000'), LEAST_STEPS),
    only,
    quick,
    save,
    help,
  };
}

function sectionsOf(names: readonly string[], sections: readonly Section[]): Section[] {
  for (const name of names) {
    if (!sections.some((section) => section.name === name)) {
      const known = sections.map((section) => section.name).join(', ');
      throw new UsageError(`a section must be one of ${known}; got '${name}'`);
    }
  }
  return sections.filter(({ name }) => names.includes(name));
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!(Number.isSafeInteger(number) && number >= least)) {
    throw new UsageError(`${option} must be a whole number >= ${least}, got '${text}'`);
  }
  return number;
}
