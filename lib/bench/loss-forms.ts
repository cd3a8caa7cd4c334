import * as tf from '@tensorflow/tfjs';
import { batchAllLoss } from '../loss/batch-all';
import { denseBatchAllLoss } from '../loss/dense-batch-all';
import { denseSemiHardLoss } from '../loss/dense-semi-hard';
import { pairwiseDistances } from '../loss/distances';
import { semiHardLoss } from '../loss/semi-hard';
import { randomMatrix, tenClasses, type Form } from './form';

const DIMENSION = 64;

/** Losses with their gradients by the embeddings x, float32 [batch, 64]; labels y, int32 [batch]. */
export const LOSS_FORMS: Record<string, Form> = {
  distances: withGradient((x) => pairwiseDistances(x, { squared: false }).sum()),
  batch_all: ofTriplets(batchAllLoss),
  batch_all_dense: ofTriplets(denseBatchAllLoss),
  semi_hard: ofTriplets(semiHardLoss),
  semi_hard_dense: ofTriplets(denseSemiHardLoss),
};

function ofTriplets(loss: typeof batchAllLoss): Form {
  return withGradient((x, y) => loss(x, y, { margin: 0.5, squared: false }).loss);
}

function withGradient(loss: (x: tf.Tensor2D, y: tf.Tensor1D) => tf.Scalar): Form {
  return {
    inputs: (batch) => ({ x: randomMatrix(batch, DIMENSION), y: tenClasses(batch) }),
    step: ({ x, y }) => {
      const of = (at: tf.Tensor): tf.Scalar => loss(at as tf.Tensor2D, y as tf.Tensor1D);
      const { value, grad } = tf.valueAndGrad(of)(x);
      return { loss: value, gradient: grad };
    },
  };
}
