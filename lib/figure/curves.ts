import { requirePositive } from '../data/require-positive';
import { drawCurves } from './curves-still';
import { plotlyCurves } from './curves-plotly';
import { layOutPanels, type CurvePanel, type Series } from './curves-layout';
import type { Figure } from './figure';
import { isColor } from './palette';

export type { CurvePanel, Reference, Series, Tick } from './curves-layout';

/** What surrounds the panels of a figure of curves. */
export interface CurvesFrame {
  title: string;
  /** Small print under the plot; default none. */
  caption?: string;
  /** In CSS pixels; default 720. */
  width?: number;
  /** In CSS pixels; default 400, for panels as they say. */
  height?: number;
}

/**
 * Lines over a common x axis, such as the loss over the steps of training.
 *
 * @throws RangeError when `x`, `y` and `band` of a series differ in length, `smooth` is not in [0, 1) or
 *   `color` is not '#rrggbb'
 */
export function curves(options: CurvesFrame & Omit<CurvePanel, 'title'>): Figure {
  const { title, caption, width = 720, height = 400, ...panel } = options;
  return panelsFigure('curves', { title, caption, width, height }, [panel]);
}

/** What `curvePanels` draws. */
export interface CurvePanelsOptions extends CurvesFrame {
  panels: CurvePanel[];
  /** How many panels stand beside one another. Default: all, in one row. */
  columns?: number;
  /** Whether all panels have the same y axis, so that they can be compared. Default: false. */
  sameScale?: boolean;
}

/**
 * Several panels of curves under one title and one legend, such as the loss and the fraction of
 * positive triplets: side by side, or as small multiples in rows of `columns`. The height is by
 * default 340, and 250 more for each further row.
 *
 * @throws RangeError as `curves` does, when there is no panel, and when `columns` is not a whole
 *   number > 0
 */
export function curvePanels(options: CurvePanelsOptions): Figure {
  const { title, caption, panels, columns = panels.length, sameScale = false } = options;
  if (panels.length === 0) throw new RangeError('curvePanels: panels must not be empty');
  requirePositive('curvePanels', { columns });
  const rows = Math.ceil(panels.length / columns);
  const { width = 960, height = 340 + 250 * (rows - 1) } = options;
  const frame = { title, caption, width, height };
  return panelsFigure('curvePanels', frame, panels, { columns, sameScale });
}

function panelsFigure(
  caller: string,
  options: { title: string; caption?: string; width: number; height: number },
  panels: CurvePanel[],
  { columns = 1, sameScale = false } = {},
): Figure {
  for (const panel of panels) panel.series.forEach((series) => checkSeries(caller, series));
  const grid = { columns: Math.min(columns, panels.length), sameScale };
  const layout = layOutPanels(options, panels, grid);
  return {
    alt: describe(options.title, panels),
    width: options.width,
    height: options.height,
    interactive: { plotly: plotlyCurves(layout) },
    png: () => drawCurves(layout),
  };
}

function checkSeries(caller: string, { name, x, y, smooth = 0, color, band }: Series): void {
  for (const [part, values] of Object.entries({
    y,
    'band.low': band?.low,
    'band.high': band?.high,
  })) {
    if (values === undefined || values.length === x.length) continue;
    throw new RangeError(
      `${caller}: x and ${part} of series '${name}' must have the same length, ` +
        `got ${x.length} and ${values.length}`,
    );
  }
  if (!(smooth >= 0 && smooth < 1)) {
    throw new RangeError(
      `${caller}: smooth of series '${name}' must be at least 0 and below 1, got ${smooth}`,
    );
  }
  if (color !== undefined && !isColor(color)) {
    throw new RangeError(`${caller}: color of series '${name}' must be '#rrggbb', got ${color}`);
  }
}

function describe(title: string, panels: CurvePanel[]): string {
  const parts = panels.map(({ series, xLabel, yLabel }) => {
    const names = [...new Set(series.map(({ name }) => name))].join(', ');
    return `${yLabel} against ${xLabel}${names ? ` of ${names}` : ', no data'}`;
  });
  return `${title}: ${parts.join('; ')}.`;
}
