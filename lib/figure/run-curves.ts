import type { Run } from '../experiment/run';
import { curvePanels } from './curves';
import type { Figure } from './figure';
import { metricPanel, type MetricPanelOptions } from './metric-panel';

/** Options of `runCurves`. */
export interface RunCurvesOptions extends MetricPanelOptions {
  /** Stands above the panels; '' for none. */
  title: string;
  /** What to draw of every run. Default: the loss. */
  metric?: string;
  /** How many panels stand beside one another. Default 3. */
  columns?: number;
  /** Small print under the plot; default none. */
  caption?: string;
}

/**
 * One metric of several runs over their steps, as small multiples: a panel for each run, drawn as
 * `trainingCurves` does, all with the same y axis.
 *
 * @param runs by the name that stands above the panel, in the order of the panels
 * @throws RangeError when there is no run, or a run does not have the metric
 */
export function runCurves(
  runs: Readonly<Record<string, Pick<Run, 'metrics'>>>,
  options: RunCurvesOptions,
): Figure {
  const { title, caption, metric = 'loss', columns = 3 } = options;
  const panels = Object.entries(runs).map(([name, run]) => ({
    ...metricPanel('runCurves', run, metric, options),
    title: name,
  }));
  return curvePanels({ title, caption, panels, columns, sameScale: true });
}
