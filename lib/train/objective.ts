import type * as tf from '@tensorflow/tfjs';
import { batchAllLoss } from '../loss/batch-all';
import { batchHardLoss } from '../loss/batch-hard';
import { semiHardLoss } from '../loss/semi-hard';
import { softmaxLoss } from '../loss/softmax';
import type { Strategy } from './strategies';

/** Which loss a network is trained with. */
export interface ObjectiveOptions {
  strategy: Strategy;
  /** A distance > 0; for batch_hard also 'soft'. Nothing to softmax. */
  margin: number | 'soft';
  /** Whether the margin compares squared distances. Nothing to softmax. */
  squared: boolean;
}

/** The scalars of a batch: the loss to minimise, and whatever else is worth reporting. */
export interface BatchScalars {
  loss: tf.Scalar;
  [name: string]: tf.Scalar;
}

/**
 * A loss of embeddings (float32 [B, d]) and labels (int32 [B]), or of the logits (float32
 * [B, classes]) that a head makes of the embeddings.
 */
export type Objective = (
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  logits?: tf.Tensor2D,
) => BatchScalars;

/**
 * The objective of a strategy. A triplet loss reports loss and fractionPositive, batch_hard also
 * hardestPositive and hardestNegative; softmax reports loss and accuracy.
 *
 * @throws RangeError when the strategy does not know the margin
 */
export function objective({ strategy, margin, squared }: ObjectiveOptions): Objective {
  if (margin === 'soft' && strategy !== 'batch_hard') {
    throw new RangeError(`objective: margin 'soft' goes with batch_hard, got ${strategy}`);
  }
  switch (strategy) {
    case 'softmax':
      return (_, labels, logits) => {
        if (!logits) throw new Error('objective: softmax needs the logits of a head, got none');
        return { ...softmaxLoss(logits, labels) };
      };
    case 'batch_hard':
      return (embeddings, labels) => ({
        ...batchHardLoss(embeddings, labels, { margin, squared }),
      });
    default: {
      const loss = strategy === 'semi_hard' ? semiHardLoss : batchAllLoss;
      return (embeddings, labels) => ({
        ...loss(embeddings, labels, { margin: margin as number, squared }),
      });
    }
  }
}
