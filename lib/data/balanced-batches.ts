import { itemsByClass } from './items-by-class';
import { permutation, type Random, randomInteger, seededRandom } from './random';
import { requirePositive } from './require-positive';
import { requireStep, type Sampler } from './sampler';

/**
 * P x K batches (Hermans, Beyer and Leibe 2017): P random classes, K random images of each, side by
 * side, so a batch has PK(K - 1)(PK - K) valid triplets. Within a batch no image comes twice;
 * every batch is drawn anew from (seed, step), so there are no epochs.
 *
 * @param labels class of each item
 * @param options classes: P; images: K
 * @throws RangeError when P or K is not a whole number > 0, there are fewer than P classes, or any
 *   class has fewer than K items
 */
export function balancedBatches(
  labels: ArrayLike<number>,
  options: { classes: number; images: number; seed: number },
): Sampler {
  const { classes, images, seed } = options;
  requirePositive('balancedBatches', { classes, images });
  const members = [...itemsByClass(labels)];
  if (members.length < classes) {
    throw new RangeError(
      `balancedBatches: classes must be at most the ${members.length} in labels, got ${classes}`,
    );
  }
  for (const [label, items] of members) {
    if (items.length < images) {
      throw new RangeError(
        `balancedBatches: every class needs at least images = ${images} items, ` +
          `class ${label} has ${items.length}`,
      );
    }
  }
  return {
    batchSize: classes * images,
    batch(step: number): Int32Array {
      requireStep(step);
      const random = seededRandom(seed, step);
      const chosen = permutation(members.length, random).subarray(0, classes);
      const batch = new Int32Array(classes * images);
      chosen.forEach((c, i) => batch.set(sample(members[c][1], images, random), i * images));
      return batch;
    },
  };
}

/** `count` different items, every set of them equally likely (Robert Floyd 1987). */
function sample(items: number[], count: number, random: Random): number[] {
  const chosen = new Set<number>();
  for (let last = items.length - count; last < items.length; last++) {
    const position = randomInteger(random, last + 1);
    chosen.add(chosen.has(position) ? last : position);
  }
  return Array.from(chosen, (position) => items[position]);
}
