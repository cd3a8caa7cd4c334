import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectPath } from '../data/project';
import type { Engine } from '../engine/engines';
import type { Limit } from './peer';
import type { Workload } from './workload';

/** One of those that are compared. */
export interface Side {
  name: string;
  /** The program, and its arguments, that repeats a workload. */
  command: (workload: Workload) => string[];
  /** How much of a round it takes. */
  limit: Limit;
  /** In how many rounds it takes part at most. Default: all. */
  rounds?: number;
  /** Whether a step is taken before the rounds, so that compiling is not timed. */
  warmUp: boolean;
}

/** A share of a round: the quick get a good sample, the slow one step. */
const TURN: Limit = { steps: 20, milliseconds: 800 };

/** The interpreter of the peers in Python. */
export const PYTHON = process.env.TRIPLETLAB_PYTHON ?? '/usr/bin/python3';

function engineCommand(engine: Engine): Side['command'] {
  const server = join(__dirname, 'step-server.js');
  return (workload) => [
    process.execPath,
    '--expose-gc',
    server,
    JSON.stringify({ ...workload, engine }),
  ];
}

/** This library as it trains by default. */
export const COMPILED: Side = {
  name: 'tripletlab, compiled',
  command: engineCommand('compiled'),
  limit: TURN,
  warmUp: true,
};

/** PyTorch as its users write it: eager, the losses in their dense form. */
export const PYTORCH: Side = {
  name: 'PyTorch, eager',
  command: (workload) => [
    PYTHON,
    projectPath('lib', 'bench', 'pytorch_step.py'),
    JSON.stringify(workload),
  ],
  limit: TURN,
  warmUp: true,
};

/** The same tfjs code on tfjs's WebAssembly backend. */
export const WASM: Side = {
  name: 'tfjs, wasm',
  command: engineCommand('wasm'),
  limit: TURN,
  warmUp: true,
};

/** The same tfjs code on tfjs's backend in plain JavaScript, too slow for more than one step. */
export const CPU: Side = {
  name: 'tfjs, cpu',
  command: engineCommand('cpu'),
  limit: { steps: 1 },
  rounds: 1,
  warmUp: false,
};

const versions = new Map<string, string | undefined>();

/** The version of a Python module; undefined where it does not load. */
export function moduleVersion(module: string): string | undefined {
  if (!versions.has(module)) {
    const script = `import ${module}; print(${module}.__version__)`;
    const { status, stdout } = spawnSync(PYTHON, ['-c', script]);
    versions.set(module, status === 0 ? String(stdout).trim() : undefined);
  }
  return versions.get(module);
}

/** The version of PyTorch; undefined where it does not load. */
export function pytorchVersion(): string | undefined {
  return moduleVersion('torch');
}

/** What is said in a table's notes where PyTorch is missing. */
export const NO_PYTORCH = `PyTorch is left out: ${PYTHON} has no torch (Debian: apt install python3-torch).`;
