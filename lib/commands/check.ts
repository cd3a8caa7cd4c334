import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { checkNotebook } from '../notebook/check/check-notebook';
import { createTypeChecker, type TypeChecker } from '../notebook/check/check-types';
import type { Problem } from '../notebook/check/problem';
import { parsed, type Command } from './command';
import { notebookPaths } from './notebook-files';

const HELP = `tripletlab check [NOTEBOOK ...]

Says of each notebook why it should not be committed: cells that do not type-check, have not been run,
were run out of order or failed, numbers of another training revision than this library's, a file of
more than 2 MB. Nothing is run. A NOTEBOOK is a path or the beginning of a file name in notebooks/;
without one, all of notebooks/ are checked. The exit status is 1 when there is anything to say.

Examples
  tripletlab check
  tripletlab check 01 results/notebooks/06-batch-all.ipynb`;

/** Checks notebooks before they are committed. */
export const check: Command = {
  help: HELP,
  // Asynchronous as every command is; a checker has nothing to wait for.
  run(args) {
    const { positionals } = parsed(() => parseArgs({ args, allowPositionals: true }));
    return Promise.resolve(checkAll(notebookPaths(positionals)) === 0 ? 0 : 1);
  },
};

/** Prints what there is to say of each notebook; returns how much it is. */
function checkAll(paths: string[]): number {
  const checkers = new Map<string, TypeChecker>();
  let count = 0;
  try {
    for (const path of paths) {
      const directory = dirname(path);
      const types = checkers.get(directory) ?? createTypeChecker(directory);
      checkers.set(directory, types);
      const problems = checkNotebook(path, types);
      count += problems.length;
      const name = basename(path, '.ipynb');
      console.log(problems.map((problem) => lineOf(name, problem)).join('\n') || `${name}: ok`);
    }
  } finally {
    for (const types of checkers.values()) types.close();
  }
  return count;
}

function lineOf(name: string, { cell, found, advice }: Problem): string {
  return `${name}${cell === undefined ? '' : `, cell ${cell}`}: ${found}: ${advice}`;
}
