import { readFileSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { projectPath } from '../../data/project';
import { findJupyterLab } from '../jupyter-lab';
import { missing, ok, optional, type Finding, type Question } from './check';
import { node } from './machine';
import { ask, findProgram, type Environment } from './program';

/** What notebooks need to be opened in JupyterLab. `tripletlab notebooks` does without. */
export function jupyterQuestions(environment: Environment): Question[] {
  return [
    { what: 'JupyterLab', look: () => jupyterLab(environment) },
    { what: 'nbconvert', look: () => nbconvert(environment) },
    { what: 'Kernelspec', look: () => kernelspec(environment) },
    { what: "Kernel's Node", look: () => kernelNode(environment) },
  ];
}

async function jupyterLab(environment: Environment): Promise<Finding> {
  const { program, args, version } = await findJupyterLab(environment);
  return ok(`${version} (${[program, ...args].join(' ')}), started by 'npm run lab'`);
}

async function nbconvert(environment: Environment): Promise<Finding> {
  const advice = 'only a test needs it: pip install nbconvert';
  const jupyter = findProgram('jupyter', environment);
  if (jupyter === undefined) return optional(`no jupyter on PATH (${advice})`);
  const outcome = await ask(jupyter, ['nbconvert', '--version'], environment);
  return 'output' in outcome
    ? ok(`${outcome.output} (${jupyter})`)
    : optional(`${jupyter} has no nbconvert: ${outcome.problem} (${advice})`);
}

/** Whether Jupyter finds this project's kernel, as its search path goes. */
function kernelspec(environment: Environment): Finding {
  const ours = projectPath('lib', 'notebook');
  const entries = (environment.JUPYTER_PATH ?? '').split(delimiter).filter(Boolean);
  const first = entries.find((entry) => readKernelspec(entry) !== undefined);
  const advice = `'npm run lab' sets it; else: JUPYTER_PATH="${ours}" jupyter lab notebooks`;
  if (first === undefined) {
    return missing(`lib/notebook is not on JUPYTER_PATH: ${advice}`);
  }
  return realpathSync(first) === realpathSync(ours)
    ? ok(`lib/notebook is on JUPYTER_PATH: ${readKernelspec(first)}`)
    : missing(`JUPYTER_PATH finds another tslab kernel first, in ${first}: ${advice}`);
}

/** The name that the kernelspec 'tslab' of a folder shows; undefined when it has none. */
function readKernelspec(folder: string): string | undefined {
  try {
    const text = readFileSync(join(folder, 'kernels', 'tslab', 'kernel.json'), 'utf8');
    const { display_name: name } = JSON.parse(text) as { display_name: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** The kernelspec starts the Node that is first on PATH, which need not be this one. */
async function kernelNode(environment: Environment): Promise<Finding> {
  const path = findProgram('node', environment);
  if (path === undefined) return missing('no node on PATH, where the kernelspec looks for it');
  const outcome = await ask(path, ['--version'], environment);
  if ('problem' in outcome) return missing(outcome.problem);
  const { mark, detail } = node(outcome.output.replace(/^v/, ''));
  return { mark, detail: `${path}: ${detail}` };
}
