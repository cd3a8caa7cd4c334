import { z } from 'zod';
import type { Dataset } from '../data/dataset';
import type { OnProgress } from '../data/progress';
import { loadDataset } from '../data/load-dataset';
import { projectPath } from '../data/project';
import { knnAccuracies } from '../evaluate/knn';
import { rawPixelBaseline } from '../evaluate/raw-pixels';
import { retrievalMetrics, type RetrievalMetrics } from '../evaluate/retrieval';
import { embed } from '../train/embedder';
import type { Run } from './run';
import { preparedImages } from './run-data';
import { checkedFile } from './run-files';
import { RunFolder } from './run-folder';
import { loadNetwork } from './trained-network';

/**
 * How well a run's embeddings find items of the same class. The training images searched in are all
 * that the run was given, those that it held out for validation included.
 */
export interface Evaluation {
  /** Test images searched in the training images. */
  testToTrain: { precisionAt1: number; knnAccuracy: number };
  /** Each test image searched in the other test images. */
  leaveOneOut: RetrievalMetrics;
  /** Test images searched in the training images by their pixels: what learning must beat. */
  rawPixels: { precisionAt1: number };
}

/** Options of `evaluateRun`. */
export interface EvaluationOptions {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** The neighbours that vote in `knnAccuracy`. */
export const VOTERS = 5;

const baseline = z.object({ precisionAt1: z.number() });

const retrieval = { precisionAt1: z.number(), rPrecision: z.number(), mapAtR: z.number() };

/** What evaluation.json must hold: a run folder may come from anywhere. */
const learnedFile = z.object({
  testToTrain: z.object({ precisionAt1: z.number(), knnAccuracy: z.number() }),
  leaveOneOut: z.object({
    ...retrieval,
    recallAt: z.record(z.string(), z.number()),
    perClass: z.record(z.string(), z.object({ ...retrieval, count: z.number() })),
    queries: z.number(),
  }),
});

/**
 * Evaluates a finished run by retrieval, next to the raw-pixel baseline. The result is kept in the
 * run folder, and the baseline for all runs on the same data; both are computed only once.
 */
export async function evaluateRun(run: Run, options: EvaluationOptions = {}): Promise<Evaluation> {
  const loaded = await loadDataset(run.config.dataset, run.config);
  const dataset = preparedImages(loaded, run.config);
  const rawPixels = await cached(
    { folder: baselineFolder(dataset), name: 'raw-pixels.json', schema: baseline },
    options,
    async () => ({
      precisionAt1: await rawPixelBaseline(dataset, labelled(options, 'raw-pixel baseline')),
    }),
  );
  const learned = await cached(
    { folder: new RunFolder(run.directory), name: 'evaluation.json', schema: learnedFile },
    options,
    () => evaluateEmbeddings(run, dataset, options),
  );
  return { ...learned, rawPixels };
}

async function evaluateEmbeddings(
  run: Run,
  { train }: Dataset,
  options: EvaluationOptions,
): Promise<Omit<Evaluation, 'rawPixels'>> {
  const test = run.embeddings();
  const network = loadNetwork(run);
  try {
    const { embeddings } = await embed(network, train, {
      ...labelled(options, 'embed training images'),
      batchSize: Math.min(250, train.count),
      threads: run.config.threads,
    });
    const reference = { embeddings, labels: train.labels };
    const voters = Math.min(VOTERS, train.count);
    const search = labelled(options, 'search test images in training images');
    const accuracy = await knnAccuracies(test, reference, [1, voters], search);
    return {
      testToTrain: { precisionAt1: accuracy[1], knnAccuracy: accuracy[voters] },
      leaveOneOut: await retrievalMetrics(test, undefined, labelled(options, 'rank test images')),
    };
  } finally {
    network.dispose();
  }
}

/** Baselines depend on the images alone: all runs on the same ones share a folder. */
function baselineFolder({ name, train, test, digest }: Dataset): RunFolder {
  const folder = `${name}-${train.count}-${test.count}-${digest.slice(0, 12)}`;
  return new RunFolder(projectPath('results', 'baselines', folder));
}

async function cached<T>(
  { folder, name, schema }: { folder: RunFolder; name: string; schema: z.ZodType<T> },
  { signal }: EvaluationOptions,
  compute: () => Promise<T>,
): Promise<T> {
  const read = (): T => folder.readJson(name, (value) => checkedFile(schema, value));
  if (folder.has(name)) return read();
  return folder.exclusively(async () => {
    // Another process may have finished it while this one waited.
    if (!folder.has(name)) folder.writeJson(name, await compute());
    return read();
  }, signal);
}

function labelled({ signal, onProgress }: EvaluationOptions, label: string): EvaluationOptions {
  return { signal, onProgress: onProgress && ((progress) => onProgress({ ...progress, label })) };
}
