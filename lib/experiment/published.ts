/** One row of the table that the MNIST study published, beside ours. */
export interface PublishedRow {
  /** In units of distance. */
  margin: number;
  /** The share of valid triplets that violate the margin, from 0 to 1. */
  fractionPositive: { train: number; validation: number };
  /** batch_all: the mean over the triplets that violate the margin. */
  loss: { train: number; validation: number };
}

/**
 * The published results of the MNIST study (batch_all, 20 epochs in batches of 64): 'Triplet Loss
 * Visualization on MNIST datasets', section Summary. 'train' is the last batch alone; 'validation'
 * averages over batches of the test set.
 */
export const PUBLISHED_MNIST: readonly PublishedRow[] = [
  {
    margin: 0.5,
    fractionPositive: { train: 0.0054673, validation: 0.02537 },
    loss: { train: 0.09122, validation: 0.1592 },
  },
  {
    margin: 1,
    fractionPositive: { train: 0.1446, validation: 0.1627 },
    loss: { train: 0.1997, validation: 0.2367 },
  },
  {
    margin: 3,
    fractionPositive: { train: 1, validation: 1 },
    loss: { train: 1.73, validation: 1.713 },
  },
];

/**
 * The published row for a margin.
 *
 * @throws RangeError when the study has no such margin
 */
export function publishedMnist(margin: number | 'soft'): PublishedRow {
  const row = PUBLISHED_MNIST.find((published) => published.margin === margin);
  if (!row) {
    const known = PUBLISHED_MNIST.map((published) => published.margin).join(', ');
    throw new RangeError(`publishedMnist: margin must be one of ${known}, got ${margin}`);
  }
  return row;
}
