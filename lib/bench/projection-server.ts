import { writeFileSync } from 'node:fs';
import { type Matrix, selectRows } from '../data/matrix';
import type { OnProgress } from '../data/progress';
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
    const { onProgress, report } = phases();
    const { data } = await project(points, { threads, onProgress });
    report();
    writeFileSync(output, new Uint8Array(data.buffer));
  };
}

/** Listens for how long each phase of a projection takes, and writes it to standard error. */
function phases(): { onProgress: OnProgress; report: () => void } {
  const times: [string, number][] = [['start', performance.now()]];
  return {
    onProgress({ label }): void {
      if (label !== times.at(-1)?.[0]) times.push([label, performance.now()]);
    },
    report(): void {
      const ends = [...times.slice(1).map(([, begin]) => begin), performance.now()];
      const seconds = times.map(
        ([label, begin], i) => `${label} ${((ends[i] - begin) / 1000).toFixed(2)} s`,
      );
      console.error(`    ${seconds.join(', ')}`);
    },
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
