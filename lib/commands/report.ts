import { existsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { projectPath } from '../data/project';
import { isExecuted } from '../notebook/notebook';
import { readNotebook } from '../notebook/notebook-file';
import type { ReportOptions } from '../notebook/report/report';
import { writeReports } from '../notebook/report/write-reports';
import { parsed, type Command } from './command';
import { executedPath, notebookPaths } from './notebook-files';

const HELP = `tripletlab report [NOTEBOOK ...] [options]

Writes an HTML report of each notebook as it was run last, and an index that compares them. Nothing is
run. A NOTEBOOK is a path or the beginning of a file name in notebooks/; without one, all of notebooks/
are reported on. Of a notebook in notebooks/ that 'tripletlab notebooks' has run too, its executed copy
in results/notebooks/ is taken where it is the later one. One that has never been run is left out.

  --output FOLDER  where the reports go; default: results/reports

Each report is one file that needs no network. Live figures stay alive in it; a notebook that was saved
with still ones has a report of pictures. The exit status is 1 when a notebook was never run, or a
report is larger than 8 MB.

Examples
  tripletlab report
  tripletlab report 01 06 --output /tmp/reports
  tripletlab report my-experiment.ipynb`;

/** What a mail or a code-hosting site still takes, and a browser opens at once. */
const LARGEST_BYTES = 8_000_000;

/** Reports on notebooks that have been run. */
export const report: Command = {
  help: HELP,
  // Asynchronous as every command is; there is nothing to wait for.
  run(args) {
    const { values, positionals } = parsed(() =>
      parseArgs({ args, allowPositionals: true, options: { output: { type: 'string' } } }),
    );
    const paths = notebookPaths(positionals).map(latestCopy);
    const executed = paths.filter(isExecutedFile);
    for (const path of paths) {
      if (!executed.includes(path)) console.error(`${nameOf(path)}: never run, so not reported on`);
    }
    const isFine = executed.length > 0 && reportOn(executed, { folder: values.output });
    return Promise.resolve(isFine && executed.length === paths.length ? 0 : 1);
  },
};

/** A notebook of notebooks/, or its executed copy where that is the later one that was run. */
function latestCopy(path: string): string {
  const copy = executedPath(basename(path));
  if (dirname(path) !== projectPath('notebooks') || !existsSync(copy)) return path;
  return isExecutedFile(path) && statSync(path).mtimeMs > statSync(copy).mtimeMs ? path : copy;
}

interface ReportOnOptions extends Pick<ReportOptions, 'scripts'> {
  folder?: string;
}

function isExecutedFile(path: string): boolean {
  return isExecuted(readNotebook(path));
}

/**
 * Writes the reports of executed notebooks and their index, and prints where they are.
 *
 * @param options `folder`, default results/reports; `scripts` as of `ReportOptions`
 * @returns whether none is too large
 */
export function reportOn(
  notebooks: string[],
  { folder = projectPath('results', 'reports'), ...options }: ReportOnOptions = {},
): boolean {
  const { index, reports } = writeReports(notebooks, folder, options);
  console.log(`Reports: ${index}`);
  const large = reports.filter(({ bytes }) => bytes > LARGEST_BYTES);
  for (const { path, bytes } of large) {
    const size = `${(bytes / 1e6).toFixed(1)} MB large, more than ${LARGEST_BYTES / 1e6} MB`;
    console.error(`${nameOf(path)}: ${size}: show fewer images or points, or fewer figures`);
  }
  return large.length === 0;
}

function nameOf(path: string): string {
  return basename(path).replace(/\.\w+$/, '');
}
