import { writeFileSync } from 'node:fs';
import { type Matrix, selectRows } from '../data/matrix';
import { tsne } from '../projection/tsne';
import { umap } from '../projection/umap';
import { POINT_COLUMNS, type ProjectionTask, readMatrix } from './projection-task';
import { serveSteps } from './serve-steps';

/*
 * This library's side of the section `projection`, a program: its argument is a ProjectionTask as JSON,
 * and a step projects once.
 */

const METHODS = { tsne, umap };

async function prepare(task: ProjectionTask): Promise<() => Promise<void>> {
  const { method, threads, output } = task;
  const points = firstRows(readMatrix(task.input, POINT_COLUMNS), task.count);
  const project = METHODS[method];
  // Loads the engine, which others load before they begin.
  await project(firstRows(points, Math.min(task.count, 300)), { threads, iterations: 10 });
  return async () => {
    const { data } = await project(points, { threads });
    writeFileSync(output, new Uint8Array(data.buffer));
  };
}

function firstRows(points: Matrix, count: number): Matrix {
  return selectRows(
    points,
    Array.from({ length: count }, (_, i) => i),
  );
}

if (require.main === module) {
  const task = JSON.parse(process.argv[2]) as ProjectionTask;
  void serveSteps(() => prepare(task));
}
