import type { PublishedRow } from '../experiment/published';
import type { Run } from '../experiment/run';
import type { CurvePanel, Reference, Series } from './curves';

/** How the metrics of a run are drawn. */
export interface MetricPanelOptions {
  /** A published row whose validation figures are drawn as horizontal lines. Default: none. */
  published?: PublishedRow;
  /** Lines of known values on panels of the loss, such as a bound. Default: none. */
  lossReferences?: Reference[];
  /** Smoothing of the training lines, TensorBoard's factor in [0, 1). Default 0.6. */
  smooth?: number;
  /** Smoothing of the validation lines, which are few points of many images. Default 0: none. */
  smoothValidation?: number;
}

/** What the metrics of a run are called on an axis. */
const LABELS: Record<string, string> = {
  loss: 'loss',
  fractionPositive: 'fraction of positive triplets',
  accuracy: 'accuracy',
  meanNorm: 'mean embedding norm',
  betweenClassDistance: 'mean distance between classes',
  withinClassDistance: 'mean distance within a class',
  hardestPositive: 'hardest positive distance',
  hardestNegative: 'hardest negative distance',
  precisionAt1: 'precision at 1, leave-one-out',
};

/**
 * One metric of a run over its steps, training and validation: training as averages over the
 * batches since the last point, smoothed, with the line as measured faintly behind.
 *
 * @param caller the function to name in the error
 * @throws RangeError when the run has no such metric
 */
export function metricPanel(
  caller: string,
  run: Pick<Run, 'metrics'>,
  metric: string,
  { published, lossReferences = [], smooth = 0.6, smoothValidation = 0 }: MetricPanelOptions,
): CurvePanel {
  const series = [
    { ...line(run, 'train', `mean ${metric}`), smooth },
    { ...line(run, 'validation', metric), smooth: smoothValidation },
  ].filter(({ x }) => x.length > 0);
  if (series.length === 0 && run.metrics.length > 0) {
    throw new RangeError(`${caller}: the run has no metric '${metric}'`);
  }
  const known =
    metric === 'loss' || metric === 'fractionPositive' ? published?.[metric] : undefined;
  return {
    xLabel: 'step',
    yLabel: Object.hasOwn(LABELS, metric) ? LABELS[metric] : metric,
    series,
    references: [
      ...(known ? [{ y: known.validation, label: 'published (validation)' }] : []),
      ...(metric === 'loss' ? lossReferences : []),
    ],
  };
}

/** The values of one metric over the steps. */
function line(
  { metrics }: Pick<Run, 'metrics'>,
  split: 'train' | 'validation',
  metric: string,
): Series & { x: number[] } {
  const lines = metrics.filter(
    (entry) => entry.split === split && Object.hasOwn(entry.values, metric),
  );
  return {
    name: split,
    x: lines.map(({ step }) => step),
    y: lines.map(({ values }) => values[metric]),
  };
}
