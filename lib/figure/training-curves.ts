import type { PublishedRow } from '../experiment/published';
import type { Run } from '../experiment/run';
import { curvePanels, type CurvePanel, type Reference } from './curves';
import type { Figure } from './figure';

/** Options of `trainingCurves`. */
export interface TrainingCurvesOptions {
  title: string;
  /** A published row whose validation figures are drawn as horizontal lines. Default: none. */
  published?: PublishedRow;
  /** Lines of known values on the loss panel, such as a bound. Default: none. */
  lossReferences?: Reference[];
  /** Smoothing of the training lines, TensorBoard's factor in [0, 1). Default 0.6. */
  smooth?: number;
}

/**
 * The loss and the fraction of positive triplets over the steps of a run: training (averages over
 * the batches since the last point, smoothed, with the raw line behind) and validation.
 */
export function trainingCurves(
  run: Run,
  { title, published, lossReferences = [], smooth = 0.6 }: TrainingCurvesOptions,
): Figure {
  const panel = (metric: 'loss' | 'fractionPositive', references: Reference[]): CurvePanel => ({
    xLabel: 'step',
    yLabel: metric === 'loss' ? 'loss' : 'fraction of positive triplets',
    series: [
      { name: 'train', ...line(run, 'train', `mean ${metric}`), smooth },
      { name: 'validation', ...line(run, 'validation', metric) },
    ],
    references: [
      ...(published ? [{ y: published[metric].validation, label: 'published (validation)' }] : []),
      ...references,
    ],
  });
  return curvePanels({
    title,
    panels: [panel('loss', lossReferences), panel('fractionPositive', [])],
  });
}

/** The values of one metric over the steps. */
function line(
  run: Run,
  split: 'train' | 'validation',
  metric: string,
): { x: number[]; y: number[] } {
  const lines = run.metrics.filter((metrics) => metrics.split === split);
  return { x: lines.map(({ step }) => step), y: lines.map(({ values }) => values[metric]) };
}
