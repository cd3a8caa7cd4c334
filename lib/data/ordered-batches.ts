import { requirePositive } from './require-positive';
import { batchesOfEpochs, type Sampler } from './sampler';

/**
 * Batches of the items 0 to count - 1 in their order, beginning again after the last.
 *
 * @throws RangeError when count or batchSize is not a whole number > 0
 */
export function orderedBatches(count: number, options: { batchSize: number }): Sampler {
  const { batchSize } = options;
  requirePositive('orderedBatches', { count, batchSize });
  const order = Int32Array.from({ length: count }, (_, i) => i);
  return batchesOfEpochs(count, batchSize, () => order);
}

/**
 * The items 0 to count - 1 in their order, each once, cut into batches: the last one is short where
 * batchSize does not divide count.
 *
 * @throws RangeError when count or batchSize is not a whole number > 0
 */
export function evaluationBatches(count: number, batchSize: number): Int32Array[] {
  requirePositive('evaluationBatches', { count, batchSize });
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, b) => {
    const first = b * batchSize;
    return Int32Array.from({ length: Math.min(batchSize, count - first) }, (_, i) => first + i);
  });
}
