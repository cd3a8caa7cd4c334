import type * as tf from '@tensorflow/tfjs';
import type { ImageSet } from '../data/dataset';
import { knnAccuracy } from '../evaluate/knn';
import { embed, type Embedded, type EmbedOptions } from '../train/embedder';
import { requireFiniteMetrics } from './finite-metrics';

/** Options of `assess`. */
export interface AssessOptions extends Omit<EmbedOptions, 'batchSize'> {
  model: tf.LayersModel;
  /** Steps of training that led to the model. */
  step: number;
}

/**
 * Embeds images under a network as it stands. The averages are those of the objective over batches,
 * and precisionAt1: the share of images whose nearest other image (leave-one-out) is of their class;
 * images that are alone in their class are left out, and with nothing but such, so is the figure.
 *
 * @throws Error when the network has diverged
 */
export async function assess(
  images: ImageSet,
  { model, step, ...options }: AssessOptions,
): Promise<Embedded> {
  const { embeddings, averages } = await embed(model, images, options);
  requireFiniteMetrics(averages, step);
  const { labels } = images;
  if (new Set(labels).size < labels.length) {
    averages.precisionAt1 = await knnAccuracy({ embeddings, labels });
  }
  return { embeddings, averages };
}
