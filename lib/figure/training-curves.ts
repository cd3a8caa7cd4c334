import type { Run } from '../experiment/run';
import { curvePanels } from './curves';
import type { Figure } from './figure';
import { metricPanel, type MetricPanelOptions } from './metric-panel';

/** Options of `trainingCurves`. */
export interface TrainingCurvesOptions extends MetricPanelOptions {
  /** Stands above the panels; '' for none. */
  title: string;
  /**
   * The metrics to draw, each in a panel of its own, in rows of up to three. Default: the loss, and
   * the fraction of positive triplets or the accuracy.
   */
  metrics?: string[];
  /** Small print under the plot; default none. */
  caption?: string;
}

/**
 * Metrics over the steps of a run, training and validation together: training as averages over the
 * batches since the last point, smoothed, with the line as measured faintly behind.
 *
 * @throws RangeError when there is no metric, or one that the run does not have
 */
export function trainingCurves(run: Pick<Run, 'metrics'>, options: TrainingCurvesOptions): Figure {
  const { title, caption, metrics = defaultMetrics(run) } = options;
  const panels = metrics.map((metric) => metricPanel('trainingCurves', run, metric, options));
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
