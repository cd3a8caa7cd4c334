import type { Matrix } from '../data/matrix';
import { requirePositive } from '../data/require-positive';
import type { Figure } from './figure';
import { layOutScatterPanels, type TitledPoints } from './scatter-layout';
import { checkPoints, drawnPoints, leftOut } from './scatter-panel';
import { plotlyScatter } from './scatter-plotly';
import { drawScatter } from './scatter-still';

/** One cloud of points among several. */
export interface ScatterPanel {
  /** Stands above the panel. */
  title: string;
  /** [n, 2]: x and y of each point. A point with a coordinate that is not finite is left out. */
  points: Matrix;
  /** [n]: the class of each point; default: those of the figure. */
  labels?: ArrayLike<number>;
  /** [n]: what a point says when the pointer is over it; default: that of the figure. */
  hover?: readonly string[];
  /** Small print under the panel, such as measures of its quality; default none. */
  caption?: string;
}

/** What `scatterPanels` draws. */
export interface ScatterPanelsOptions {
  /** Stands above the panels; '' for none. */
  title: string;
  /** From left to right. */
  panels: ScatterPanel[];
  /**
   * [n]: the class of each point, an index into `classNames`, in panels without labels of their own.
   * Default: each panel has its own.
   */
  labels?: ArrayLike<number>;
  /** The name of each class, for the legend. */
  classNames: readonly string[];
  /** [n]: what a point says when the pointer is over it; default: the name of its class. */
  hover?: readonly string[];
  /** Small print under all panels; default none. */
  caption?: string;
  /** How many panels stand beside one another. Default: all, up to four. */
  columns?: number;
  /** In CSS pixels; default 960. */
  width?: number;
  /** In CSS pixels; default: what makes the panels square. */
  height?: number;
}

/**
 * Scatters side by side, such as the same embeddings projected in several ways: as `scatter` draws
 * each, with the same colours and one legend for all. In the interactive form a click on a class in
 * the legend shows it alone in every panel, and a second click all classes again; panels are moved and
 * zoomed each by itself, and a point under the pointer is not marked in the other panels, which
 * plotly cannot do without a script.
 *
 * @throws RangeError when there is no panel, when `columns` is not a whole number > 0, when the points
 *   of a panel are not n x 2, its labels are missing or not n, its hover texts are not n, or a label
 *   is not an index into `classNames`
 */
export function scatterPanels(options: ScatterPanelsOptions): Figure {
  const { title, caption, width = 960, height } = options;
  const panels = options.panels.map((panel) => completed(panel, options));
  if (panels.length === 0) throw new RangeError('scatterPanels: panels must not be empty');
  const { columns = Math.min(4, panels.length) } = options;
  requirePositive('scatterPanels', { columns });
  const frame = { title, caption, width, height, columns: Math.min(columns, panels.length) };
  const layout = layOutScatterPanels(frame, panels);
  const clouds = layout.panels.map((panel) => `${panel.title} (${drawnPoints(panel)} points)`);
  const names = layout.frame.legend.map(({ entry }) => entry.name).join(', ');
  return {
    alt: `${title}: scatters of ${names || 'no points'}: ${clouds.join(', ')}.${leftOut(layout.panels)}`,
    width: layout.frame.width,
    height: layout.frame.height,
    interactive: { plotly: plotlyScatter(layout) },
    png: () => drawScatter(layout),
  };
}

/** A panel with what it takes from the figure, checked. */
function completed(
  panel: ScatterPanel,
  { classNames, ...common }: ScatterPanelsOptions,
): TitledPoints {
  const { labels = common.labels, hover = common.hover, title } = panel;
  if (!labels) {
    throw new RangeError(`scatterPanels: panel '${title}' must have labels, or the figure must`);
  }
  const points = { ...panel, labels, hover, classNames };
  checkPoints('scatterPanels', points, ` of panel '${title}'`);
  return points;
}
