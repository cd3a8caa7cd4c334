import { type Random, randomInteger, seededRandom } from './random';
import { requirePositive } from './require-positive';
import { batchesOfEpochs, type Sampler } from './sampler';

/**
 * Batches of `order`, shuffled every epoch through a buffer as `tf.data.Dataset.shuffle` does: the
 * buffer holds the next `buffer` items, a random one is taken, and the next item fills its place.
 * An item can come forward by at most buffer - 1 places, so with a buffer much smaller than the
 * runs of one class in `order`, most batches hold a single class.
 *
 * @param order the items as they would be read, for instance sorted by class
 * @throws RangeError when order is empty, or batchSize or buffer is not a whole number > 0
 */
export function bufferShuffledBatches(
  order: Int32Array,
  options: { batchSize: number; buffer: number; seed: number },
): Sampler {
  const { batchSize, buffer, seed } = options;
  requirePositive('bufferShuffledBatches', { 'order.length': order.length, batchSize, buffer });
  return batchesOfEpochs(order.length, batchSize, (epoch) =>
    shuffleThroughBuffer(order, buffer, seededRandom(seed, epoch)),
  );
}

function shuffleThroughBuffer(order: Int32Array, size: number, random: Random): Int32Array {
  const shuffled = new Int32Array(order.length);
  const buffer = Array.from(order.subarray(0, size));
  let next = buffer.length;
  for (let i = 0; i < shuffled.length; i++) {
    const taken = randomInteger(random, buffer.length);
    shuffled[i] = buffer[taken];
    if (next < order.length) {
      buffer[taken] = order[next++];
    } else {
      buffer[taken] = buffer[buffer.length - 1];
      buffer.pop();
    }
  }
  return shuffled;
}
