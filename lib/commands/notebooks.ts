import { copyFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectPath } from '../data/project';
import { writeAtomically } from '../data/write-atomically';
import { publishRun } from '../experiment/published-runs';
import { conclusionOf } from '../notebook/conclude';
import { executeNotebook } from '../notebook/execute-notebook';
import { readNotebook } from '../notebook/notebook-file';
import type { Parameters } from '../notebook/parameters';
import { thumbnailOf } from '../notebook/report/report';
import { abortOnInterrupt, parsed, type Command } from './command';
import { chosenNotebooks, executedPath } from './notebook-files';
import { notebookStatus } from './notebook-status';
import { reportOn } from './report';
import { presetOf, settingsOf, wholeNumberOf } from './settings';

const HELP = `tripletlab notebooks [NAME ...] [options]

Runs notebooks from first cell to last, each in a kernel of its own, and writes an HTML report of
each and an index that compares them to results/reports/. A NAME is the beginning of a notebook's
file name; without one, all of notebooks/ are run. Runs that are finished are loaded.

  --preset P         smoke (seconds), quick (minutes) or paper (the published schedule); default quick
  --seed N           seed of weights, order and projections; default 1
  --set KEY=VALUE    a setting of the runs, such as learningRate=0.0003; may be repeated
  --jobs N           notebooks at a time; default: the number of cores
  --timeout SECONDS  for each cell; default: none
  --no-report        run only
  --save             keep the executed notebooks in notebooks/ (with still figures) and their
                     runs, weights included, in results/<preset>/

Examples
  tripletlab notebooks
  tripletlab notebooks 01 03 --preset paper
  tripletlab notebooks 01 --set steps=2000 --set margin=0.2`;

interface Options {
  names: string[];
  parameters: Parameters;
  preset: string;
  jobs: number;
  timeout?: number;
  report: boolean;
  save: boolean;
}

/** Executes notebooks and reports on them. */
export const notebooks: Command = {
  help: HELP,
  async run(args) {
    const options = optionsOf(args);
    const names = chosenNotebooks(options.names);
    const signal = abortOnInterrupt();
    const status = notebookStatus(process.stderr);
    const succeeded = new Set<string>();
    await inParallel(names, options.jobs, async (name) => {
      if (signal.aborted) return;
      const result = await executeNotebook(projectPath('notebooks', name), {
        output: executedPath(name),
        parameters: options.parameters,
        timeoutPerCell: options.timeout,
        figures: options.save ? 'still' : 'live',
        signal,
        onEvent: (event) => status.event(basename(name, '.ipynb'), event),
      });
      status.ended(basename(name, '.ipynb'), result);
      if (result.status === 'ok') succeeded.add(name);
    });
    const done = names.filter((name) => succeeded.has(name));
    if (options.save) done.forEach((name) => save(name, options.preset));
    if (options.report && done.length > 0) {
      // The scripts in them come from code that this very command has run.
      reportOn(done.map(executedPath), { scripts: 'all' });
    }
    return done.length === names.length ? 0 : 1;
  },
};

function optionsOf(args: string[]): Options {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args,
      allowPositionals: true,
      allowNegative: true,
      options: {
        preset: { type: 'string', default: 'quick' },
        seed: { type: 'string', default: '1' },
        set: { type: 'string', multiple: true, default: [] },
        jobs: { type: 'string', default: String(availableParallelism()) },
        timeout: { type: 'string' },
        report: { type: 'boolean', default: true },
        save: { type: 'boolean', default: false },
      },
    }),
  );
  return {
    names: positionals,
    preset: presetOf(values.preset),
    parameters: {
      preset: presetOf(values.preset),
      seed: wholeNumberOf('--seed', values.seed, 0),
      overrides: settingsOf(values.set),
    },
    jobs: wholeNumberOf('--jobs', values.jobs, 1),
    timeout:
      values.timeout === undefined ? undefined : wholeNumberOf('--timeout', values.timeout, 1),
    report: values.report,
    save: values.save,
  };
}

/** Runs `work` on all items, at most `limit` at a time. */
async function inParallel<T>(
  items: T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const next = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, next));
}

/** Keeps an executed notebook, and its runs, among the committed files. */
function save(name: string, preset: string): void {
  const notebook = readNotebook(executedPath(name));
  const conclusion = conclusionOf(notebook);
  copyFileSync(executedPath(name), projectPath('notebooks', name));
  const folders = (conclusion?.runs ?? []).map((run) => {
    return publishRun(projectPath('results', 'runs', run), projectPath('results', preset));
  });
  const picture = thumbnailOf(notebook);
  if (picture && folders.length > 0) writeAtomically(join(folders[0], 'picture.png'), picture);
}
