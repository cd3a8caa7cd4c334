import { permutation, seededRandom } from './random';
import { requirePositive } from './require-positive';
import { batchesOfEpochs, type Sampler } from './sampler';

/**
 * Batches of the items 0 to count - 1, every epoch in a random order of its own, which depends on
 * the seed and the epoch alone. Batches run across the edges between epochs.
 *
 * @throws RangeError when count or batchSize is not a whole number > 0
 */
export function shuffledBatches(
  count: number,
  options: { batchSize: number; seed: number },
): Sampler {
  const { batchSize, seed } = options;
  requirePositive('shuffledBatches', { count, batchSize });
  return batchesOfEpochs(count, batchSize, (epoch) =>
    permutation(count, seededRandom(seed, epoch)),
  );
}
