import type * as tf from '@tensorflow/tfjs';
import { imageBatch, labelBatch, type ImageSet } from '../data/dataset';
import type { Matrix } from '../data/matrix';
import { evaluationBatches } from '../data/ordered-batches';
import type { OnProgress } from '../data/progress';
import { compile } from '../engine/compile';
import type { EngineOptions } from '../engine/device';
import type { CompiledStep } from '../engine/step';
import type { Objective } from './objective';
import { trainedWeights } from './trainer';

/** The embeddings of a set of images, and the objective's averages over its batches. */
export interface Embedded {
  /** One row per image, in the order of the set. */
  embeddings: Matrix;
  /** Mean over batches of each scalar of the objective, a short last batch counting as a whole. */
  averages: Record<string, number>;
}

/** Options of `embed`. */
export interface EmbedOptions extends EngineOptions {
  /** Images per batch. Default 64, the batch of both studies. */
  batchSize?: number;
  /** Also evaluated on every batch. Default: none. */
  objective?: Objective;
  /** From embeddings to logits, for an objective that needs them. Default: none. */
  head?: tf.LayersModel;
  /** Stops it. */
  signal?: AbortSignal;
  /** Hears how many images are done. */
  onProgress?: OnProgress;
}

/**
 * Embeds images with a trained network, in order, in batches; the last batch may be short and then
 * has a compiled step of its own.
 */
export async function embed(
  model: tf.LayersModel,
  images: ImageSet,
  { batchSize = 64, objective, head, signal, onProgress, ...engine }: EmbedOptions = {},
): Promise<Embedded> {
  const dimension = model.outputShape.at(-1) as number;
  const embeddings = new Float32Array(images.count * dimension);
  const sums: Record<string, number> = {};
  const steps = new Map<number, CompiledStep>();
  const batches = evaluationBatches(images.count, batchSize);
  try {
    for (const indices of batches) {
      signal?.throwIfAborted();
      let step = steps.get(indices.length);
      if (!step) {
        step = await compileEmbedding(images, indices.length, { model, head, objective }, engine);
        steps.set(indices.length, step);
      }
      const { embedded, ...scalars } = await step.run({
        images: imageBatch(images, indices),
        labels: labelBatch(images, indices),
      });
      embeddings.set(embedded.data, indices[0] * dimension);
      for (const [name, { data }] of Object.entries(scalars)) {
        sums[name] = (sums[name] ?? 0) + data[0];
      }
      onProgress?.({
        label: 'embed',
        done: indices[0] + indices.length,
        total: images.count,
        unit: 'image',
      });
    }
  } finally {
    for (const step of steps.values()) await step.dispose();
  }
  const averages = Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [name, sum / batches.length]),
  );
  return { embeddings: { data: embeddings, shape: [images.count, dimension] }, averages };
}

function compileEmbedding(
  { height, width }: ImageSet,
  size: number,
  { model, head, objective }: { model: tf.LayersModel } & Pick<EmbedOptions, 'head' | 'objective'>,
  engine: EngineOptions,
): Promise<CompiledStep> {
  return compile(
    ({ images, labels }) => {
      const embedded = model.apply(images, { training: false }) as tf.Tensor2D;
      const logits = head?.apply(embedded, { training: false }) as tf.Tensor2D | undefined;
      return { embedded, ...objective?.(embedded, labels as tf.Tensor1D, logits) };
    },
    {
      inputs: {
        images: { shape: [size, height, width, 1], dtype: 'float32' },
        labels: { shape: [size], dtype: 'int32' },
      },
      variables: trainedWeights(model, head),
    },
    engine,
  );
}
