import type { PublishedRow } from '../experiment/published';
import type { Run } from '../experiment/run';
import { curvePanels, type CurvePanel, type Reference, type Series } from './curves';
import type { Figure } from './figure';

/** Options of `trainingCurves`. */
export interface TrainingCurvesOptions {
  title: string;
  /**
   * The metrics to draw, each in a panel of its own, in rows of up to three. Default: the loss, and
   * the fraction of positive triplets or the accuracy.
   */
  metrics?: string[];
  /** A published row whose validation figures are drawn as horizontal lines. Default: none. */
  published?: PublishedRow;
  /** Lines of known values on the loss panel, such as a bound. Default: none. */
  lossReferences?: Reference[];
  /** Smoothing of the training lines, TensorBoard's factor in [0, 1). Default 0.6. */
  smooth?: number;
  /** Smoothing of the validation lines, which are few points of many images. Default 0: none. */
  smoothValidation?: number;
  /** Small print under the plot; default none. */
  caption?: string;
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
 * Metrics over the steps of a run, training and validation together: training as averages over the
 * batches since the last point, smoothed, with the line as measured faintly behind.
 *
 * @throws RangeError when there is no metric, or one that the run does not have
 */
export function trainingCurves(run: Pick<Run, 'metrics'>, options: TrainingCurvesOptions): Figure {
  const { title, caption, metrics = defaultMetrics(run) } = options;
  const panels = metrics.map((metric) => panelOf(run, metric, options));
  // Four make two rows of two.
  const columns = panels.length === 4 ? 2 : Math.min(3, panels.length || 1);
  return curvePanels({ title, caption, panels, columns });
}

function defaultMetrics({ metrics }: Pick<Run, 'metrics'>): string[] {
  const share = metrics.some(({ values }) => 'accuracy' in values)
    ? 'accuracy'
    : 'fractionPositive';
  return ['loss', share];
}

function panelOf(
  run: Pick<Run, 'metrics'>,
  metric: string,
  { published, lossReferences = [], smooth = 0.6, smoothValidation = 0 }: TrainingCurvesOptions,
): CurvePanel {
  const series = [
    { ...line(run, 'train', `mean ${metric}`), smooth },
    { ...line(run, 'validation', metric), smooth: smoothValidation },
  ].filter(({ x }) => x.length > 0);
  if (series.length === 0 && run.metrics.length > 0) {
    throw new RangeError(`trainingCurves: the run has no metric '${metric}'`);
  }
  const known =
    metric === 'loss' || metric === 'fractionPositive' ? published?.[metric] : undefined;
  return {
    xLabel: 'step',
    yLabel: LABELS[metric] ?? metric,
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
  const lines = metrics.filter((entry) => entry.split === split && metric in entry.values);
  return {
    name: split,
    x: lines.map(({ step }) => step),
    y: lines.map(({ values }) => values[metric]),
  };
}
