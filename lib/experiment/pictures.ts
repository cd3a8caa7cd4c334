import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { matrix, type Matrix } from '../data/matrix';
import type { Epoch } from '../projection/procrustes';
import type { ProjectionOptions } from '../projection/projection';
import { tsne } from '../projection/tsne';
import { readCheckpoint, writeCheckpoint, type NamedArrays } from '../train/checkpoint';
import { projectionIterations, type Preset } from './preset';
import { projectRun, usualPerplexity, type RunProjection } from './projection';
import type { Run } from './run';
import { RunFolder } from './run-folder';

/** A run's test embeddings in the plane, by what draws them. */
export type RunPictures = Record<'t-SNE' | 'UMAP', RunProjection>;

/** Options of `runPictures` and `runEpochs`. */
export interface PictureOptions extends Pick<ProjectionOptions, 'seed' | 'signal' | 'onProgress'> {
  /** How many iterations: see `projectionIterations`. */
  preset: Preset;
}

/**
 * The two pictures of a run's test embeddings that the notebooks show, by t-SNE and by UMAP, on all
 * cores. They are kept in the run folder.
 *
 * @throws as `tsne` and `umap` do
 */
export async function runPictures(
  run: Run,
  { preset, ...options }: PictureOptions,
): Promise<RunPictures> {
  const threads = availableParallelism();
  const iterations = (method: 'tsne' | 'umap'): number => projectionIterations(preset, method);
  return {
    't-SNE': await projectRun(run, 'tsne', { ...options, threads, iterations: iterations('tsne') }),
    UMAP: await projectRun(run, 'umap', { ...options, threads, iterations: iterations('umap') }),
  };
}

/**
 * Where the points of the t-SNE picture came from: their positions at each of the run's snapshots. The
 * last are those of the picture; those before begin, each, where the next ones ended, and move for a
 * quarter of its iterations, so that a point does not jump from one to the next. They are kept in the
 * run folder.
 *
 * @returns in the order of training; of a run without snapshots on the way, the picture alone
 * @throws as `tsne` does
 */
export async function runEpochs(run: Run, options: PictureOptions): Promise<Epoch[]> {
  const { preset, seed } = options;
  const key = createHash('sha256')
    .update(JSON.stringify([preset, seed]))
    .digest('hex');
  const folder = new RunFolder(run.directory);
  const name = `epochs-${key.slice(0, 8)}.bin`;
  if (!folder.has(name)) {
    const arrays: NamedArrays = {};
    let { points } = (await runPictures(run, options))['t-SNE'];
    for (const { step, embeddings } of run.snapshots().reverse()) {
      if (step !== run.summary.steps) points = await positionsBefore(embeddings, points, options);
      arrays[step] = points;
    }
    writeCheckpoint(folder.file(name), { progress: {}, arrays });
  }
  const { arrays } = readCheckpoint(folder.file(name));
  return Object.entries(arrays).map(([step, { data, shape }]) => ({
    label: `step ${Number(step).toLocaleString('en')}`,
    points: matrix(data, shape as [number, number]),
  }));
}

/** Positions of earlier embeddings that are as near to the `later` ones as they can be. */
function positionsBefore(
  embeddings: Matrix,
  later: Matrix,
  { preset, ...options }: PictureOptions,
): Promise<Matrix> {
  return tsne(embeddings, {
    ...options,
    perplexity: usualPerplexity(embeddings.shape[0]),
    threads: availableParallelism(),
    iterations: Math.ceil(projectionIterations(preset, 'tsne') / 4),
    exaggerationIterations: 0,
    initial: later,
  });
}
