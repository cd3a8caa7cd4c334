import { firstLine } from '../../data/first-line';
import { missing, ok, optional, type Finding, type Question } from './check';
import { ask, isExecutable, type Environment } from './program';

/** Native packages, each with what it is for. */
const NATIVE = { zeromq: 'notebooks', '@resvg/resvg-js': 'still figures' };

/** Packages that bring native code, and programs that only tests and the benchmark use. */
export function packageQuestions(environment: Environment): Question[] {
  return [
    ...Object.entries(NATIVE).map(([name, purpose]) => ({
      what: name,
      look: () => nativePackage(name, purpose),
    })),
    { what: 'Chromium', look: () => chromium(environment) },
    { what: 'PyTorch', look: () => pytorch(environment) },
  ];
}

async function nativePackage(name: string, purpose: string): Promise<Finding> {
  try {
    await import(name);
    return ok(`loads, for ${purpose}`);
  } catch (error) {
    return missing(`does not load, so ${purpose} do not work: ${firstLine(error)}`);
  }
}

async function chromium(environment: Environment): Promise<Finding> {
  const path = environment.TRIPLETLAB_CHROMIUM ?? '/usr/bin/chromium';
  const purpose = 'only tests of figures and reports need it; TRIPLETLAB_CHROMIUM names another';
  if (!isExecutable(path)) return optional(`${path} is not there (${purpose})`);
  const outcome = await ask(path, ['--version'], environment);
  return 'output' in outcome
    ? ok(`${outcome.output} (${path})`)
    : optional(`${outcome.problem} (${purpose})`);
}

async function pytorch(environment: Environment): Promise<Finding> {
  const path = environment.TRIPLETLAB_PYTHON ?? '/usr/bin/python3';
  const purpose =
    'only the benchmark compares with it: apt install python3-torch; TRIPLETLAB_PYTHON names a Python';
  if (!isExecutable(path)) return optional(`${path} is not there (${purpose})`);
  const program = 'import torch; print(torch.__version__)';
  const outcome = await ask(path, ['-c', program], environment);
  return 'output' in outcome
    ? ok(`${outcome.output} (${path})`)
    : optional(`${path}: ${outcome.problem} (${purpose})`);
}
