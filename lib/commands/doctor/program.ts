import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { firstLine } from '../../data/first-line';

/** The variables of a process. */
export type Environment = Record<string, string | undefined>;

/** What a program printed, or why it did not. */
export type Outcome = { output: string } | { problem: string };

/** Where PATH finds a program; undefined when it does not. */
export function findProgram(name: string, environment: Environment): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  return (environment.PATH ?? '')
    .split(delimiter)
    .filter(isAbsolute)
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find(isExecutable);
}

/** Whether a path is a file that may be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end; its output is the first line of what it prints.
 *
 * @param patience milliseconds that it may take
 */
export function ask(
  path: string,
  args: string[],
  environment: Environment,
  patience = 30_000,
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(path, args, { env: environment, timeout: patience }, (error, output, errors) => {
      if (!error) resolve({ output: firstLine(output) });
      else if (error.killed) resolve({ problem: `${path} does not answer` });
      else resolve({ problem: lastLine(errors) || firstLine(error) });
    });
  });
}

/** Interpreters say last what went wrong. */
function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
