import { createHash } from 'node:crypto';
import { matrix, type Matrix } from '../data/matrix';
import { pca } from '../projection/pca';
import type { ProjectionOptions } from '../projection/projection';
import { projectedAccuracy, trustworthiness } from '../projection/quality';
import { umap } from '../projection/umap';
import { readCheckpoint, writeCheckpoint } from '../train/checkpoint';
import type { Run } from './run';
import { RunFolder } from './run-folder';

/** A run's test embeddings in two dimensions, and how far to trust the picture. */
export interface RunProjection {
  /** float32 [n, 2], in the order of the test images. */
  points: Matrix;
  labels: Uint8Array;
  /** Trustworthiness of the 12 nearest neighbours (Venna and Kaski 2001), 1 is best. */
  trustworthiness: number;
  /** Share of points whose 10 nearest neighbours in the picture vote for their class. */
  accuracy: number;
}

/** Ways to draw a cloud of many dimensions in two. */
export type ProjectionMethod = 'pca' | 'umap';

const METHODS: Record<
  ProjectionMethod,
  (points: Matrix, options: ProjectionOptions) => Promise<Matrix>
> = { pca, umap };

/** Neighbours that the two quality figures look at. */
const NEIGHBOURS = { trustworthiness: 12, accuracy: 10 };

/**
 * Projects the test embeddings of a run, and measures the picture. The result is kept in the run
 * folder under the method and its options.
 */
export async function projectRun(
  run: Run,
  method: ProjectionMethod,
  { iterations, seed, signal, onProgress }: ProjectionOptions = {},
): Promise<RunProjection> {
  const key = createHash('sha256').update(JSON.stringify({ iterations, seed })).digest('hex');
  const folder = new RunFolder(run.directory);
  const name = `projection-${method}-${key.slice(0, 8)}.bin`;
  const { embeddings, labels } = run.embeddings();
  if (!folder.has(name)) {
    const options = { iterations, seed, signal, onProgress };
    const points = await METHODS[method](embeddings, options);
    const quality = {
      trustworthiness: await trustworthiness(
        embeddings,
        points,
        NEIGHBOURS.trustworthiness,
        options,
      ),
      accuracy: await projectedAccuracy(points, labels, NEIGHBOURS.accuracy, options),
    };
    writeCheckpoint(folder.file(name), { progress: quality, arrays: { points } });
  }
  const { progress, arrays } = readCheckpoint<Pick<RunProjection, 'trustworthiness' | 'accuracy'>>(
    folder.file(name),
  );
  const { data, shape } = arrays.points;
  return { points: matrix(data, shape as [number, number]), labels, ...progress };
}
