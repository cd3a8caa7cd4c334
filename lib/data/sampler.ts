/**
 * Says which items each training step sees. It is a pure function of the step: a run that resumes
 * at step s sees the batches of an uncut run with no state saved.
 */
export interface Sampler {
  /** Number of items in every batch. */
  batchSize: number;
  /** The items of batch `step` (0, 1, 2, ...), as indices into the set; int32, length batchSize. */
  batch(step: number): Int32Array;
}

/**
 * Cuts the endless sequence of epochs into batches: batch s holds the positions s * batchSize to
 * (s + 1) * batchSize - 1 of it. Batches run across the edges between epochs, so that every item is
 * seen exactly once per epoch even where the batch size does not divide the number of items.
 *
 * @param count number of items per epoch
 * @param epochOrder the items of epoch e in order, a pure function of e; length count
 * @throws RangeError, from `batch`, when the step is not a whole number >= 0
 */
export function batchesOfEpochs(
  count: number,
  batchSize: number,
  epochOrder: (epoch: number) => Int32Array,
): Sampler {
  let epoch = -1;
  let order: Int32Array = new Int32Array(0);
  return {
    batchSize,
    batch(step: number): Int32Array {
      requireStep(step);
      const batch = new Int32Array(batchSize);
      for (let i = 0; i < batchSize; i++) {
        const position = step * batchSize + i;
        const wanted = Math.floor(position / count);
        if (wanted !== epoch) {
          order = epochOrder(wanted);
          epoch = wanted;
        }
        batch[i] = order[position % count];
      }
      return batch;
    },
  };
}

/** @throws RangeError when `step` is not a whole number >= 0 */
export function requireStep(step: number): void {
  if (!(Number.isSafeInteger(step) && step >= 0)) {
    throw new RangeError(`batch: step must be a whole number >= 0, got ${step}`);
  }
}
