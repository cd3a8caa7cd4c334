import { readFileSync } from 'node:fs';
import { type Matrix, matrix } from '../data/matrix';
import { projectPath } from '../data/project';
import { PYTHON } from './side';

/** What a side of the section `projection` does in a step. */
export interface ProjectionTask {
  method: 'tsne' | 'umap';
  /** How many points are projected: the first ones. */
  count: number;
  threads: number;
  /** A file of the points: float32, row-major, POINT_COLUMNS columns. */
  input: string;
  /** The file that the positions are written to: float32, row-major [count, 2]. */
  output: string;
}

/** Columns of the points. */
export const POINT_COLUMNS = 64;

/** One of those that project. */
export interface Projector {
  name: string;
  /** The program, and its arguments. */
  command: (task: ProjectionTask) => string[];
}

/** One in Python. */
export interface PythonProjector extends Projector {
  module: string;
  /** What Debian calls it. */
  package: string;
}

/** This library. */
export const TRIPLETLAB: Projector = {
  name: 'tripletlab',
  command: (task) => [
    process.execPath,
    '--expose-gc',
    projectPath('lib', 'dist', 'bench', 'projection-server.js'),
    JSON.stringify(task),
  ],
};

const inPython = (task: ProjectionTask): string[] => [
  PYTHON,
  projectPath('lib', 'bench', 'projection_step.py'),
  JSON.stringify(task),
];

/** What each method is compared with. */
export const PEERS: Record<ProjectionTask['method'], PythonProjector> = {
  tsne: {
    name: 'scikit-learn',
    module: 'sklearn',
    package: 'python3-sklearn',
    command: inPython,
  },
  umap: { name: 'umap-learn', module: 'umap', package: 'umap-learn', command: inPython },
};

/** Reads float32 values as rows of `columns`. */
export function readMatrix(path: string, columns: number): Matrix {
  const bytes = readFileSync(path);
  const data = new Float32Array(bytes.length / 4);
  Buffer.from(data.buffer).set(bytes);
  return matrix(data, [data.length / columns, columns]);
}
