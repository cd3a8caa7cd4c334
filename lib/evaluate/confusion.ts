import type { Matrix } from '../data/matrix';
import { requirePositive } from '../data/require-positive';

/** How well one class was predicted. */
export interface ClassScores {
  /** Of what was predicted as the class, the share that is; NaN where nothing was. */
  precision: number;
  /** Of the class, the share that was predicted as it; NaN where there is none of it. */
  recall: number;
  /** 2 * precision * recall / (precision + recall); NaN where the class does not come up at all. */
  f1: number;
  /** Number of items of the class. */
  count: number;
}

/** How well all classes were predicted; every score is in [0, 1], 1 is best. */
export interface ClassificationScores {
  /** Share of items that were predicted right; NaN without items. */
  accuracy: number;
  /** Mean of F1 over the classes that come up, however large they are. */
  macroF1: number;
  /** By label. */
  perClass: ClassScores[];
}

/**
 * How often each class was taken for each: entry [a, p] counts the items of class a that were
 * predicted as p.
 *
 * @param predicted label of every item
 * @param actual label of every item
 * @param classes number of classes; labels are 0 to classes - 1
 * @returns float32 [classes, classes], rows the actual classes; exact up to 2^24 items a cell
 * @throws RangeError when the labels differ in number, or one is not a whole number of that range
 */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  classes: number,
): Matrix {
  requirePositive('confusionMatrix', { classes });
  if (predicted.length !== actual.length) {
    throw new RangeError(
      `confusionMatrix: predicted must have a label for each of the ${actual.length} items, ` +
        `got ${predicted.length}`,
    );
  }
  const data = new Float32Array(classes * classes);
  for (let i = 0; i < actual.length; i++) {
    requireLabel('predicted', predicted[i], i, classes);
    requireLabel('actual', actual[i], i, classes);
    data[actual[i] * classes + predicted[i]]++;
  }
  return { data, shape: [classes, classes] };
}

function requireLabel(name: string, label: number, i: number, classes: number): void {
  if (Number.isInteger(label) && label >= 0 && label < classes) return;
  throw new RangeError(
    `confusionMatrix: ${name} must be labels from 0 to ${classes - 1}, label ${i} is ${label}`,
  );
}

/**
 * The scores that a confusion matrix comes to. With TP = [c, c], FP the rest of column c and FN the
 * rest of row c: precision = TP / (TP + FP), recall = TP / (TP + FN), F1 = 2 TP / (2 TP + FP + FN).
 *
 * @param confusion counts [classes, classes], rows the actual classes: a `confusionMatrix`
 * @throws RangeError when it is not square
 */
export function classScores({ data, shape: [classes, columns] }: Matrix): ClassificationScores {
  if (classes !== columns) {
    throw new RangeError(`classScores: confusion must be square, got ${classes} x ${columns}`);
  }
  const labels = Array.from({ length: classes }, (_, label) => label);
  const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);
  const perClass = labels.map((label): ClassScores => {
    const right = data[label * classes + label];
    const count = sum(labels.map((other) => data[label * classes + other]));
    const predicted = sum(labels.map((other) => data[other * classes + label]));
    return {
      precision: right / predicted,
      recall: right / count,
      f1: (2 * right) / (predicted + count),
      count,
    };
  });
  const right = sum(labels.map((label) => data[label * classes + label]));
  const scored = perClass.map(({ f1 }) => f1).filter((f1) => !Number.isNaN(f1));
  return {
    accuracy: right / sum(perClass.map(({ count }) => count)),
    macroF1: sum(scored) / scored.length,
    perClass,
  };
}
