import type { ClassificationScores } from '../evaluate/confusion';
import type { Matrix } from '../data/matrix';
import type { Figure } from './figure';
import { heatmap } from './heatmap';
import { table } from './table';

/**
 * Which classes are taken for which: rows are the actual classes, columns the predicted ones. A cell
 * holds a count and its share of the row, which is also its colour.
 *
 * @param confusion counts, [classes, classes]: a `confusionMatrix`
 * @throws RangeError when it is not classNames x classNames
 */
export function confusionFigure(
  title: string,
  confusion: Matrix,
  classNames: readonly string[],
): Figure {
  const { data, shape } = confusion;
  const columns = shape[1];
  const shares = data.map((count, k) => {
    const first = k - (k % columns);
    return count / data.subarray(first, first + columns).reduce((sum, other) => sum + other, 0);
  });
  return heatmap({
    title,
    values: { data: shares, shape },
    rowNames: classNames,
    columnNames: classNames,
    rowLabel: 'actual class',
    columnLabel: 'predicted class',
    domain: [0, 1],
    cellText: (share, row, column) => {
      const count = data[row * columns + column];
      return count === 0 ? [''] : [count.toLocaleString('en-US'), percent(share)];
    },
    caption: 'How many images, and their share of the actual class. Empty: none.',
  });
}

/** The scores of every class, as `classScores` gives them. */
export function scoresTable(
  title: string,
  { accuracy, macroF1, perClass }: ClassificationScores,
  classNames: readonly string[],
): Figure {
  return table({
    title,
    columns: [
      { name: 'class' },
      { name: 'images' },
      { name: 'precision', digits: 4 },
      { name: 'recall', digits: 4 },
      { name: 'F1', digits: 4 },
    ],
    rows: perClass.map(({ count, precision, recall, f1 }, label) => [
      classNames[label],
      count,
      precision,
      recall,
      f1,
    ]),
    caption: `Accuracy ${accuracy.toFixed(4)}, macro F1 ${macroF1.toFixed(4)}.`,
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
