import type * as tf from '@tensorflow/tfjs';
import { batchAllLoss } from '../loss/batch-all';
import { batchHardLoss } from '../loss/batch-hard';
import { semiHardLoss } from '../loss/semi-hard';
import type { TripletLoss } from '../loss/triplet-loss';

/** How triplets are chosen from a batch. */
export const STRATEGIES = ['batch_all', 'batch_hard', 'semi_hard'] as const;

/** One of `STRATEGIES`. */
export type Strategy = (typeof STRATEGIES)[number];

/** Which loss a network is trained with. */
export interface ObjectiveOptions {
  strategy: Strategy;
  /** A distance > 0; for batch_hard also 'soft'. */
  margin: number | 'soft';
  /** Whether the margin compares squared distances. */
  squared: boolean;
}

/** A loss of embeddings (float32 [B, d]) and labels (int32 [B]). */
export type Objective = (embeddings: tf.Tensor2D, labels: tf.Tensor1D) => TripletLoss;

/** @throws RangeError when the strategy does not know the margin */
export function objective({ strategy, margin, squared }: ObjectiveOptions): Objective {
  if (strategy === 'batch_hard') {
    return (embeddings, labels) => batchHardLoss(embeddings, labels, { margin, squared });
  }
  if (margin === 'soft') {
    throw new RangeError(`objective: margin 'soft' goes with batch_hard, got ${strategy}`);
  }
  const loss = strategy === 'semi_hard' ? semiHardLoss : batchAllLoss;
  return (embeddings, labels) => loss(embeddings, labels, { margin, squared });
}
