import { existsSync, readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { projectPath } from '../data/project';
import { UsageError } from './command';

/**
 * The file names in notebooks/ that begin with one of `prefixes`, in order; all without any.
 *
 * @throws UsageError when none begins with a prefix
 */
export function chosenNotebooks(prefixes: string[]): string[] {
  const all = readdirSync(projectPath('notebooks'))
    .filter((name) => name.endsWith('.ipynb'))
    .sort();
  for (const prefix of prefixes) {
    if (!all.some((name) => name.startsWith(prefix))) {
      throw new UsageError(
        `no notebook begins with '${prefix}'; there are ${all.map((name) => basename(name, '.ipynb')).join(', ')}`,
      );
    }
  }
  return prefixes.length === 0
    ? all
    : all.filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
}

/**
 * Absolute paths of notebooks, each named by its path or by the beginning of its file name in
 * notebooks/; all of notebooks/ without any.
 *
 * @throws UsageError when a name is neither
 */
export function notebookPaths(names: string[]): string[] {
  const isPath = (name: string): boolean => name.endsWith('.ipynb') && existsSync(name);
  const paths = names.filter(isPath).map((name) => resolve(name));
  const prefixes = names.filter((name) => !isPath(name));
  if (prefixes.length === 0 && paths.length > 0) return paths;
  return [...paths, ...chosenNotebooks(prefixes).map((name) => projectPath('notebooks', name))];
}

/** Where the executed copy of a notebook in notebooks/ is kept. */
export function executedPath(name: string): string {
  return projectPath('results', 'notebooks', name);
}
