import { requirePositive } from '../data/require-positive';

/** What all items of a database have in common. */
export interface Catalogue {
  /** Values of each embedding. */
  dimension: number;
  /** The name of each class, at its label. */
  classNames: string[];
  /** Rows and columns of pixels of each thumbnail, or null when the items have none. */
  imageSize: { height: number; width: number } | null;
}

/** Columns of the longest array that DuckDB stores. */
const MOST_DIMENSIONS = 100_000;

/**
 * @param caller the function to name in the error
 * @throws RangeError when the dimension or a side of the images is not a positive whole number, or a
 *   class name is not text or given twice
 */
export function requireCatalogue(caller: string, catalogue: Catalogue): void {
  const { dimension, classNames, imageSize } = catalogue;
  requirePositive(caller, { dimension });
  if (dimension > MOST_DIMENSIONS) {
    throw new RangeError(
      `${caller}: dimension must be at most ${MOST_DIMENSIONS}, got ${dimension}`,
    );
  }
  if (imageSize) {
    requirePositive(caller, { height: imageSize.height, width: imageSize.width });
  }
  classNames.forEach((name, label) => {
    requireNewClass(caller, name, classNames.slice(0, label));
  });
}

/**
 * @throws RangeError when `name` is no well-formed text, or is among `others`
 */
export function requireNewClass(caller: string, name: string, others: readonly string[]): void {
  if (typeof name !== 'string' || /\p{Surrogate}/u.test(name)) {
    throw new RangeError(
      `${caller}: class names must be well-formed text, got ${JSON.stringify(name)}`,
    );
  }
  if (others.includes(name)) {
    throw new RangeError(
      `${caller}: class names must differ, got ${JSON.stringify(name)} a second time`,
    );
  }
}

/**
 * The label of a class.
 *
 * @param wanted its name, or the label itself
 * @throws RangeError when there is no such class
 */
export function classLabel(caller: string, wanted: string | number, catalogue: Catalogue): number {
  const { classNames } = catalogue;
  const label = typeof wanted === 'number' ? wanted : classNames.indexOf(wanted);
  if (Number.isInteger(label) && label >= 0 && label < classNames.length) return label;
  throw new RangeError(
    `${caller}: class must be the name of a class or a whole number from 0 to ` +
      `${classNames.length - 1}, got ${typeof wanted === 'string' ? JSON.stringify(wanted) : wanted}`,
  );
}
