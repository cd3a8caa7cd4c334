import { drawCurves } from './curves-still';
import { plotlyCurves } from './curves-plotly';
import { layOutPanels } from './curve-panel';
import type { Figure } from './figure';

/** One line: a value measured at some steps. */
export interface Series {
  /**
   * Its name in the legend. Lines of one name share a colour across panels; 'train', 'validation',
   * 'ours' and 'published' have colours of their own.
   */
  name: string;
  /** Where the values were measured, in the order in which they are joined. */
  x: ArrayLike<number>;
  /** The values, as many as `x`. One that is not finite (or not positive on a log scale) is a gap. */
  y: ArrayLike<number>;
  /**
   * Factor in [0, 1) of TensorBoard's smoothing (see `smooth`); the line as measured is then drawn
   * faintly behind the smoothed one. Default 0.
   */
  smooth?: number;
  /** Whether the line is dashed; default false. */
  dash?: boolean;
  /** '#rrggbb'; default: by the name. */
  color?: string;
}

/** A horizontal line at a known value: a published result, a bound. */
export interface Reference {
  y: number;
  label: string;
}

/** One pair of axes and the lines on them. */
export interface CurvePanel {
  /** Stands above this panel; default none. */
  title?: string;
  /** May be empty: the axes are then drawn with the words 'no data'. */
  series: Series[];
  xLabel: string;
  yLabel: string;
  /** Default 'linear'. */
  yScale?: 'linear' | 'log';
  /** Default none. */
  references?: Reference[];
}

/** What surrounds the panels of a figure of curves. */
export interface CurvesFrame {
  title: string;
  /** Small print under the plot; default none. */
  caption?: string;
  /** In CSS pixels; default 720. */
  width?: number;
  /** In CSS pixels; default 400 (for panels 340). */
  height?: number;
}

/**
 * Lines over a common x axis, such as the loss over the steps of training.
 *
 * @throws RangeError when `x` and `y` of a series differ in length or `smooth` is not in [0, 1)
 */
export function curves(options: CurvesFrame & Omit<CurvePanel, 'title'>): Figure {
  const { title, caption, width = 720, height = 400, ...panel } = options;
  return panelsFigure('curves', { title, caption, width, height }, [panel]);
}

/**
 * Several panels of curves side by side under one title and one legend, such as the loss and the
 * fraction of positive triplets.
 *
 * @throws RangeError as `curves` does, and when there is no panel
 */
export function curvePanels(options: CurvesFrame & { panels: CurvePanel[] }): Figure {
  const { title, caption, panels } = options;
  if (panels.length === 0) throw new RangeError('curvePanels: panels must not be empty');
  const { width = 960, height = 340 } = options;
  return panelsFigure('curvePanels', { title, caption, width, height }, panels);
}

function panelsFigure(
  caller: string,
  options: { title: string; caption?: string; width: number; height: number },
  panels: CurvePanel[],
): Figure {
  for (const panel of panels) panel.series.forEach((series) => checkSeries(caller, series));
  const layout = layOutPanels(options, panels);
  return {
    alt: describe(options.title, panels),
    width: options.width,
    height: options.height,
    interactive: { plotly: plotlyCurves(layout) },
    png: () => drawCurves(layout),
  };
}

function checkSeries(caller: string, { name, x, y, smooth = 0 }: Series): void {
  if (x.length !== y.length) {
    throw new RangeError(
      `${caller}: x and y of series '${name}' must have the same length, ` +
        `got ${x.length} and ${y.length}`,
    );
  }
  if (!(smooth >= 0 && smooth < 1)) {
    throw new RangeError(
      `${caller}: smooth of series '${name}' must be at least 0 and below 1, got ${smooth}`,
    );
  }
}

function describe(title: string, panels: CurvePanel[]): string {
  const parts = panels.map(({ series, xLabel, yLabel }) => {
    const names = [...new Set(series.map(({ name }) => name))].join(', ');
    return `${yLabel} against ${xLabel}${names ? ` of ${names}` : ', no data'}`;
  });
  return `${title}: ${parts.join('; ')}.`;
}
