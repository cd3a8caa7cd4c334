import * as tf from '@tensorflow/tfjs';
import type { TensorRecord } from '../engine/step';
import { unsort } from '../loss/ranked-distances';
import { randomMatrix, randomOrders, type Form } from './form';

/**
 * What losses that rank distances could be made of: keys x, float32 [B, B], and in every row an order
 * of the columns, int32 [B, B]. `rankDistances` and `unsort` are made of the forms marked 'used'.
 */
export const RANKING_FORMS: Record<string, Form> = {
  'topk of B columns (used)': form(({ x }) => sorted(x, x.shape[0])),
  'topk of B out of 2 B columns': form(({ x }) => sorted(twice(x), x.shape[0])),
  'topk of 2 B columns': form(({ x }) => sorted(twice(x), 2 * x.shape[0])),
  'differences of all triplets': form(({ x }) => ({
    sum: x.expandDims(2).sub(x.expandDims(1)).relu().sum([1, 2]),
  })),
  'scatterND that inverts the order (used)': form(({ x, order }) => ({
    values: unsort(x as tf.Tensor2D, order as tf.Tensor2D),
  })),
  'topk that inverts the order': form(({ order }) => ({
    inverse: tf.topk(order.neg(), order.shape[0]).indices,
  })),
  'gather along rows (used)': form(({ x, order }) => ({ values: tf.gather(x, order, 1, 1) })),
  'gather from one vector': form(({ x, order }) => {
    const size = x.shape[0];
    const rows = tf.range(0, size * size, size, 'int32').expandDims(1);
    return { values: tf.gather(x.reshape([-1]), order.add(rows)) };
  }),
};

function form(step: Form['step']): Form {
  return {
    inputs: (batch) => ({ x: randomMatrix(batch, batch), order: randomOrders(batch) }),
    step,
  };
}

function sorted(x: tf.Tensor, columns: number): TensorRecord {
  return { ...tf.topk(x, columns) };
}

function twice(x: tf.Tensor): tf.Tensor {
  return tf.concat([x, x], 1);
}
