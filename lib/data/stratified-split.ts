import { itemsByClass } from './items-by-class';
import { permutation, seededRandom } from './random';

/** A set of items cut in two. */
export interface Split {
  /** Items to train on, ascending; int32. */
  train: Int32Array;
  /** Items held out, ascending; int32. */
  validation: Int32Array;
}

/** Options of `stratifiedSplit`. */
export interface StratifiedSplitOptions {
  /** Share of every class that is held out, between 0 and 1, both excluded. */
  validationShare: number;
  /** Of the random choice. */
  seed: number;
}

/**
 * Splits the items 0 to labels.length - 1 at random so that each class is held out in the same
 * share: of a class with n items, n * validationShare of them, rounded. Both parts are ascending, so
 * each keeps the order of the whole. Of 60,000 images a share of 0.2 leaves 48,000 to train on.
 *
 * @param labels class of each item
 * @throws RangeError when validationShare is not between 0 and 1, or leaves one part empty
 */
export function stratifiedSplit(
  labels: ArrayLike<number>,
  { validationShare, seed }: StratifiedSplitOptions,
): Split {
  if (!(validationShare > 0 && validationShare < 1)) {
    throw new RangeError(
      `stratifiedSplit: validationShare must be > 0 and < 1, got ${validationShare}`,
    );
  }
  const heldOut = new Uint8Array(labels.length);
  for (const [label, items] of itemsByClass(labels)) {
    const count = Math.round(items.length * validationShare);
    // A stream for each class: what is drawn of one does not hang on the others.
    const drawn = permutation(items.length, seededRandom(seed, label)).subarray(0, count);
    for (const i of drawn) heldOut[items[i]] = 1;
  }
  const marked = (mark: number): Int32Array =>
    Int32Array.from(heldOut.keys()).filter((item) => heldOut[item] === mark);
  const split = { train: marked(0), validation: marked(1) };
  for (const [part, items] of Object.entries(split)) {
    if (items.length === 0) {
      throw new RangeError(
        `stratifiedSplit: validationShare ${validationShare} of ${labels.length} items leaves ` +
          `none for ${part}`,
      );
    }
  }
  return split;
}
