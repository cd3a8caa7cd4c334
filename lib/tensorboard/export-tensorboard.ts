import { statSync } from 'node:fs';
import { join } from 'node:path';
import { loadDataset } from '../data/load-dataset';
import type { OnProgress } from '../data/progress';
import { headPredictions } from '../experiment/head-predictions';
import type { Run } from '../experiment/run';
import { figureTitle } from '../figure/data-notice';
import { formatNumber } from '../figure/format';
import { randomImages } from '../figure/random-images';
import { scatter } from '../figure/scatter';
import { principalComponents, projectOnto } from '../projection/pca';
import { writeEvents } from './event-file';
import { exportProjector } from './projector';
import { runEvents } from './run-events';

/** Options of `exportTensorBoard`. */
export interface TensorBoardOptions {
  /**
   * When the training began, in seconds since the beginning of 1970. Default: when the run's
   * config.json was written, which is when its last stretch of training began.
   */
  started?: number;
  /** Stops it. */
  signal?: AbortSignal;
  /** Hears how much is written. */
  onProgress?: OnProgress;
}

/**
 * Writes a finished run as a folder for `tensorboard --logdir`, in three runs:
 *
 * - train and validation: the metrics, under the same tags
 * - embeddings: the test embeddings with images for the embedding projector (see `exportProjector`),
 *   a softmax run with the predictions of its head; random test images; and the embeddings in the
 *   plane by PCA
 *
 * The same run gives the same bytes.
 *
 * @param folder made if it is missing; files of an earlier export are replaced
 * @throws Error when the run's folder has no embeddings
 */
export async function exportTensorBoard(
  run: Run,
  folder: string,
  { started = beginning(run), signal, onProgress }: TensorBoardOptions = {},
): Promise<void> {
  const dataset = await loadDataset(run.config.dataset, { ...run.config, signal, onProgress });
  const { embeddings, labels } = run.embeddings();
  const principal = await principalComponents(embeddings, { signal, onProgress });
  const { classNames, test } = dataset;
  exportProjector({
    folder: join(folder, 'embeddings'),
    embeddings,
    labels,
    classNames,
    predictions: run.config.strategy === 'softmax' ? headPredictions(run) : undefined,
    images: test,
    invert: true,
  });
  const variance = principal.explainedVarianceRatio[0] + principal.explainedVarianceRatio[1];
  const picture = scatter({
    title: figureTitle(`${run.config.name}: test embeddings, PCA`, dataset),
    points: projectOnto(principal, embeddings),
    labels,
    classNames,
    caption: `The picture shows ${formatNumber(100 * variance, 3)} % of the variance.`,
  });
  const { train, validation } = runEvents(run, started);
  writeEvents(join(folder, 'train'), train);
  writeEvents(join(folder, 'validation'), validation);
  writeEvents(join(folder, 'embeddings'), [
    {
      step: run.summary.steps,
      wallTime: started + run.summary.seconds,
      values: {
        'test-images': randomImages(dataset).png(),
        'embeddings-pca': picture.png(),
      },
    },
  ]);
}

function beginning({ directory }: Run): number {
  // Whole seconds: a copy of a file does not keep its time more exactly.
  return Math.floor(statSync(join(directory, 'config.json')).mtimeMs / 1000);
}
