import { VOTERS, type Evaluation } from '../experiment/evaluation';
import type { Figure } from './figure';
import { table } from './table';

/** What a run's embeddings retrieve, next to the raw pixels. */
export function retrievalTable(title: string, evaluation: Evaluation): Figure {
  const { testToTrain, leaveOneOut, rawPixels } = evaluation;
  return table({
    title,
    columns: [{ name: '' }, { name: 'embeddings', digits: 4 }, { name: 'raw pixels', digits: 4 }],
    rows: [
      ['precision@1, test to train', testToTrain.precisionAt1, rawPixels.precisionAt1],
      [`${VOTERS}-NN accuracy, test to train`, testToTrain.knnAccuracy, null],
      ['precision@1, among test images', leaveOneOut.precisionAt1, null],
      ['R-precision, among test images', leaveOneOut.rPrecision, null],
      ['MAP@R, among test images', leaveOneOut.mapAtR, null],
    ],
    caption:
      'Test to train: every test image is searched in all training images. Among test images: every ' +
      'test image is searched in the other test images.',
  });
}

/** The retrieval metrics of every class, among the test images. */
export function classTable(
  title: string,
  { leaveOneOut }: Evaluation,
  classNames: string[],
): Figure {
  return table({
    title,
    columns: [
      { name: 'class' },
      { name: 'images', digits: 5 },
      { name: 'precision@1', digits: 4 },
      { name: 'R-precision', digits: 4 },
      { name: 'MAP@R', digits: 4 },
    ],
    rows: Object.entries(leaveOneOut.perClass).map(([label, metrics]) => [
      classNames[Number(label)],
      metrics.count,
      metrics.precisionAt1,
      metrics.rPrecision,
      metrics.mapAtR,
    ]),
  });
}
