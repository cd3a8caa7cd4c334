import { answer, type MachineCheck } from './check';
import { datasetQuestions } from './datasets';
import { ENGINES } from './engines';
import { jupyterQuestions } from './jupyter';
import { DISK, MACHINE } from './machine';
import { packageQuestions } from './packages';
import type { Environment } from './program';

/** Options of `examineMachine`. */
export interface ExamineMachineOptions {
  /** The variables to go by, such as PATH and JUPYTER_PATH. Default: this process's. */
  environment?: Environment;
}

/**
 * Looks at what this machine has of all that the project uses: Node, the engines, the datasets,
 * Jupyter and the programs that tests compare with. Engines and programs are really tried. It never
 * throws: what goes wrong is a finding.
 */
export async function examineMachine({
  environment = process.env,
}: ExamineMachineOptions = {}): Promise<MachineCheck[]> {
  const aside = [
    ...datasetQuestions(),
    DISK,
    ...jupyterQuestions(environment),
    ...packageQuestions(environment),
  ];
  const others = Promise.all(aside.map(answer));
  const checks: MachineCheck[] = [];
  // One after another, for tfjs has one active backend.
  for (const question of [...MACHINE, ...ENGINES]) checks.push(await answer(question));
  return [...checks, ...(await others)];
}
