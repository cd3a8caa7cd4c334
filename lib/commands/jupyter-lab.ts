import { resolve, sep } from 'node:path';
import { ask, findProgram, type Environment } from './doctor/program';

/** Milliseconds: whoever wants it would rather wait than hear that there is none. */
const PATIENCE = 120_000;

/** A JupyterLab that can be started: a program, its first arguments, and what version it is. */
export interface JupyterLab {
  program: string;
  args: string[];
  version: string;
}

/**
 * Finds the user's JupyterLab: the `jupyter` that TRIPLETLAB_JUPYTER names, and no other then; else the
 * one on PATH; else the module of the `python3` on PATH, for pip may put programs where PATH does not
 * look. Each is tried by asking for its version.
 *
 * @throws Error saying of each in one line why it is none, and what to do
 */
export async function findJupyterLab(environment: Environment): Promise<JupyterLab> {
  const reasons: string[] = [];
  for (const { name, args } of candidates(environment)) {
    const program = name.includes(sep) ? resolve(name) : findProgram(name, environment);
    if (program === undefined) {
      reasons.push(`no ${name} on PATH`);
      continue;
    }
    const outcome = await ask(program, [...args, '--version'], environment, PATIENCE);
    if ('output' in outcome) return { program, args, version: outcome.output };
    reasons.push(`${program} has no JupyterLab: ${outcome.problem}`);
  }
  throw new Error(`${reasons.join('; ')} (pip install jupyterlab)`);
}

function candidates({
  TRIPLETLAB_JUPYTER: named,
}: Environment): { name: string; args: string[] }[] {
  return named
    ? [{ name: named, args: ['lab'] }]
    : [
        { name: 'jupyter', args: ['lab'] },
        { name: 'python3', args: ['-m', 'jupyterlab'] },
      ];
}
