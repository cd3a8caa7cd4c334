import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Matrix } from '../data/matrix';
import type { ComparisonOptions } from '../evaluate/distance-rows';
import { silhouette } from '../evaluate/silhouette';
import { pca } from '../projection/pca';
import type { ProjectionOptions } from '../projection/projection';
import { continuity, projectedAccuracy, trustworthiness } from '../projection/quality';
import { tsne, type TsneOptions } from '../projection/tsne';
import { umap, type UmapOptions } from '../projection/umap';
import { readCheckpoint, readMatrix, writeCheckpoint } from '../train/checkpoint';
import type { Run } from './run';
import { checkedFile } from './run-files';
import { RunFolder } from './run-folder';

/** How far to trust a picture of embeddings in the plane: figures of which 1 is the best. */
export interface ProjectionQuality {
  /** Whether the 12 nearest in the picture are near in truth (Venna and Kaski 2001). */
  trustworthiness: number;
  /** Whether the 12 nearest in truth are near in the picture (Venna and Kaski 2001). */
  continuity: number;
  /** Share of points whose 10 nearest neighbours in the picture vote for their class. */
  accuracy: number;
  /** Mean silhouette width of the classes in the picture (Rousseeuw 1987). */
  silhouette: number;
}

/** A run's test embeddings in two dimensions, and how far to trust the picture. */
export interface RunProjection extends ProjectionQuality {
  /** float32 [n, 2], in the order of the test images. */
  points: Matrix;
  /** [n]: the classes of the test images. */
  labels: Uint8Array;
}

/** Ways to draw a cloud of many dimensions in two, and what each may be told. */
export interface ProjectionMethodOptions {
  /** Without `perplexity`: 30, or a third of the number of other points where that is less. */
  tsne: TsneOptions;
  /** Without them: the defaults of `umap`. */
  umap: UmapOptions;
  /** It has no choices: nothing but `signal` and `onProgress` has an effect. */
  pca: ProjectionOptions;
}

/** The name of a way to draw a cloud of many dimensions in two. */
export type ProjectionMethod = keyof ProjectionMethodOptions;

/** The options of all methods, none of which means something else to another. */
type AnyOptions = TsneOptions & UmapOptions;

const METHODS: Record<ProjectionMethod, (points: Matrix, options: AnyOptions) => Promise<Matrix>> =
  { tsne, umap, pca };

/** Neighbours that the quality figures look at. */
const NEIGHBOURS = { ranks: 12, votes: 10 };

const quality = z.object({
  trustworthiness: z.number(),
  continuity: z.number(),
  accuracy: z.number(),
  silhouette: z.number(),
});

/** Raised when what is kept in the run folder is computed in another way, or is more. */
const REVISIONS: Record<ProjectionMethod, number> = { tsne: 2, umap: 3, pca: 2 };

/**
 * Projects the test embeddings of a run, and measures the picture. The result is kept in the run
 * folder under the method and its options, those left out that do not change it (`threads`).
 *
 * @throws as the method
 */
export async function projectRun<Method extends ProjectionMethod>(
  run: Run,
  method: Method,
  options: ProjectionMethodOptions[Method] = {},
): Promise<RunProjection> {
  const { signal, onProgress } = options;
  const { embeddings, labels } = run.embeddings();
  const own = ownOptions(method, embeddings.shape[0], options);
  const folder = new RunFolder(run.directory);
  const name = `projection-${method}-${keyOf(method, own)}.bin`;
  if (!folder.has(name)) {
    const points = await METHODS[method](embeddings, { ...options, ...own });
    const measured = await measureProjection(embeddings, points, labels, { signal, onProgress });
    writeCheckpoint(folder.file(name), { progress: measured, arrays: { points } });
  }
  const points = readMatrix(folder.file(name), 'points');
  const { progress } = readCheckpoint(folder.file(name));
  return { points, labels, ...checkedFile(quality, progress) };
}

/** The options that make a difference. */
function ownOptions(method: ProjectionMethod, count: number, options: AnyOptions): AnyOptions {
  if (method === 'pca') return {};
  const { threads: _threads, signal: _signal, onProgress: _onProgress, ...own } = options;
  return method === 'tsne' ? { perplexity: usualPerplexity(count), ...own } : own;
}

/** 30, or a third of the number of other points where that is less. */
export function usualPerplexity(count: number): number {
  return Math.min(30, (count - 1) / 3);
}

/** A name for options: the same for the same values in any order, a matrix by its content. */
function keyOf(method: ProjectionMethod, options: object): string {
  const hash = createHash('sha256').update(`${REVISIONS[method]}`);
  for (const [name, value] of Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === undefined) continue;
    if (typeof value === 'object') hash.update(name).update((value as Matrix).data);
    else hash.update(`${name}=${String(value)};`);
  }
  return hash.digest('hex').slice(0, 8);
}

/**
 * Measures a picture: how far `points`, drawn of `embeddings`, can be trusted.
 *
 * @param embeddings [n, d]
 * @param points [n, 2]
 * @param labels [n]: the class of each point
 * @throws RangeError as `trustworthiness` does; the signal's reason when it aborts
 */
export async function measureProjection(
  embeddings: Matrix,
  points: Matrix,
  labels: Uint8Array,
  options: ComparisonOptions = {},
): Promise<ProjectionQuality> {
  return {
    trustworthiness: await trustworthiness(embeddings, points, NEIGHBOURS.ranks, options),
    continuity: await continuity(embeddings, points, NEIGHBOURS.ranks, options),
    accuracy: await projectedAccuracy(points, labels, NEIGHBOURS.votes, options),
    silhouette: await silhouette(points, labels, options),
  };
}
