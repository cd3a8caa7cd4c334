/*
 * How to rank. Sorting, by topk of B columns, is most of the whole, so a ranking sorts once: ties are
 * settled by the order of the columns and not by sorting more of them, the order is inverted by
 * scatterND and not by a second topk, and items are gathered along rows, which is faster than from one
 * vector. `npm run bench -- ranking` times these operations and what could stand in their place, and
 * `npm run bench -- loss` the losses and their dense forms.
 */

import * as tf from '@tensorflow/tfjs';
import { sameItem, sameLabel } from './masks';

/**
 * Every anchor's distances in descending order, its positives' with the margin added, and how many
 * triplets each takes part in. All are float32 or int32 [B, B] with a row for every anchor.
 */
export interface RankedDistances {
  /** d(a,p) + margin and d(a,n), sorted. The anchor itself comes last, as -1. */
  keys: tf.Tensor2D;
  /** The items that the keys belong to: int32. */
  items: tf.Tensor2D;
  /**
   * For a positive the number of negatives below it; for a negative minus the number of positives
   * above it; 0 for the anchor. This is the gradient of the sum of the violations
   * d(a,p) + margin - d(a,n) > 0 by the distances.
   */
  counts: tf.Tensor2D;
}

/**
 * Ranks the distances from every anchor, with d(a,p) + margin as float32 rounds it. Counts and their
 * running sums are exact up to B = 8192.
 *
 * @param distances float32 [B, B], not negative, with zeros on the diagonal
 * @param labels int32 [B]
 * @param ties whether a negative counts as below a positive when d(a,n) = d(a,p) + margin
 */
export function rankDistances(
  distances: tf.Tensor2D,
  labels: tf.Tensor1D,
  { margin, ties }: { margin: number; ties: boolean },
): RankedDistances {
  const size = labels.size;
  const own = sameLabel(labels).cast('float32');
  const self = sameItem(size).cast('float32');
  // Two replace what cannot be compared: 1/1 - 2 = -1 the anchors themselves, which so come last, and
  // 1/0 - 2 = infinity NaN, which has no order; the sum over the gaps is then not finite either.
  const comparable = distances.greaterEqual(self);
  const keys = tf.where(comparable, distances.add(own.mul(margin)), tf.div(1, self).sub(2));
  const columns = columnsByClass(labels, ties);
  const sorted = tf.topk(tf.gather(keys, columns, 1, 1), size);
  const items = tf.gather(columns, sorted.indices, 1, 1);
  const ownSorted = tf.gather(own, items, 1, 1);
  const positivesAbove = ownSorted.cumsum(1);
  const negatives = tf.sub(size, own.sum(1, true));
  const negativesBelow = negatives.sub(tf.range(1, size + 1)).add(positivesAbove);
  const counts = ownSorted.mul(positivesAbove.add(negativesBelow)).sub(positivesAbove);
  return { keys: sorted.values, items, counts } as RankedDistances;
}

/**
 * For every anchor an order of the columns in which its own class comes last (or first). Of equal
 * keys topk puts the one of the lower column first, so this decides how ties are counted.
 */
function columnsByClass(labels: tf.Tensor1D, ownFirst: boolean): tf.Tensor2D {
  const size = labels.size;
  const byClass = tf.topk(labels, size).indices;
  const [row, column] = [labels.expandDims(0), labels.expandDims(1)];
  const first = ownFirst ? row.greater(column) : row.greaterEqual(column);
  const turns = first
    .cast('int32')
    .sum(1, true)
    .add(tf.range(0, size, 1, 'int32'));
  // A row for every anchor: picking along rows is several times faster than from one vector.
  const twice = tf.tile(tf.concat([byClass, byClass]).expandDims(0), [size, 1]);
  return tf.gather(twice, turns, 1, 1) as tf.Tensor2D;
}

/** Puts what belongs to `items`, row by row, into the columns of these items. */
export function unsort(values: tf.Tensor2D, items: tf.Tensor2D): tf.Tensor2D {
  const size = items.shape[0];
  const rows = tf.range(0, size * size, size, 'int32').expandDims(1);
  const places = items.add(rows).reshape([-1, 1]);
  return tf.scatterND(places, values.reshape([-1]), [size * size]).reshape([size, size]);
}
