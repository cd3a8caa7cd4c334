import { frame, type Frame, type LegendEntry } from './frame';
import { assignLineColors } from './palette';
import { smooth } from './smooth';

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
  /** Whether every value is marked by a dot, as few values want it; default false. */
  dots?: boolean;
  /** A faint band round the line from `low` to `high`, each as long as `y`; NaN: none. Default none. */
  band?: { low: ArrayLike<number>; high: ArrayLike<number> };
  /** '#rrggbb'; default: by the name. */
  color?: string;
}

/** A horizontal line at a known value: a published result, a bound. */
export interface Reference {
  /** Where the line lies, in units of the y axis. */
  y: number;
  /** What is written at the line. */
  label: string;
}

/** A place on an axis and what is written there. */
export interface Tick {
  /** In units of the axis. */
  at: number;
  /** What is written there. */
  label: string;
}

/** One pair of axes and the lines on them. */
export interface CurvePanel {
  /** Stands above this panel; default none. */
  title?: string;
  /** May be empty: the axes are then drawn with the words 'no data'. */
  series: Series[];
  /** What is on the x axis, with its unit where it has one. */
  xLabel: string;
  /** What is on the y axis, with its unit where it has one. */
  yLabel: string;
  /** Where the x axis has ticks, and what they say. Default: at round numbers. */
  xTicks?: readonly Tick[];
  /** Default 'linear'. */
  yScale?: 'linear' | 'log';
  /** Default none. */
  references?: Reference[];
}

/** A line as it is drawn, in either form. */
export interface Stroke {
  name: string;
  color: string;
  dash: boolean;
  /** Whether it is the measured line behind a smoothed one. */
  faint: boolean;
  dots: boolean;
  x: Float64Array;
  /** NaN where the line has a gap. */
  y: Float64Array;
  /** NaN where there is none. */
  band?: { low: Float64Array; high: Float64Array };
}

/** A panel with everything decided that both forms have in common. */
export interface PanelLayout {
  title: string;
  xLabel: string;
  yLabel: string;
  log: boolean;
  strokes: Stroke[];
  references: Reference[];
  /** As the panel wants them; undefined: at round numbers. */
  xTicks?: readonly Tick[];
  xDomain: [number, number];
  yDomain: [number, number];
  /** Whether there is no value to draw. */
  empty: boolean;
}

/** The panels of a figure and what surrounds them. */
export interface CurvesLayout {
  frame: Frame;
  panels: PanelLayout[];
  /** Panels beside one another; the others stand in rows below. */
  columns: number;
}

/** Smooths the series, gives them colours, and finds the axes' domains and the legend. */
export function layOutPanels(
  options: { title: string; caption?: string; width: number; height: number },
  panels: CurvePanel[],
  { columns, sameScale }: { columns: number; sameScale: boolean },
): CurvesLayout {
  const all = panels.flatMap(({ series }) => series);
  const colors = assignLineColors(all.map(({ name }) => name));
  const colorOf = (series: Series): string => series.color ?? colors.get(series.name)!;
  const entries = new Map(all.map((s) => [s.name, legendEntry(s, colorOf(s))]));
  const legend = entries.size > 1 ? [...entries.values()] : [];
  const laidOut = panels.map((panel) => layOutPanel(panel, colorOf));
  return {
    frame: frame({ ...options, legend }),
    panels: sameScale ? onSameScale(laidOut) : laidOut,
    columns,
  };
}

/** Gives all panels the y domain that holds those of all with values. */
function onSameScale(panels: PanelLayout[]): PanelLayout[] {
  const domains = panels.filter(({ empty }) => !empty).map(({ yDomain }) => yDomain);
  if (domains.length === 0) return panels;
  const [lows, highs] = [domains.map(([low]) => low), domains.map(([, high]) => high)];
  return panels.map((panel) => ({
    ...panel,
    yDomain: [Math.min(...lows), Math.max(...highs)],
  }));
}

function legendEntry({ name, dash }: Series, color: string): LegendEntry {
  return { name, color, mark: dash ? 'dashed' : 'line' };
}

function layOutPanel(panel: CurvePanel, colorOf: (series: Series) => string): PanelLayout {
  const log = panel.yScale === 'log';
  const strokes = panel.series.flatMap((series) => strokesOf(series, colorOf(series), log));
  const references = (panel.references ?? []).filter(({ y }) => drawable(y, log));
  const xs = strokes.flatMap(({ x, y }) => [...x.filter((_, i) => !Number.isNaN(y[i]))]);
  const ys = strokes.flatMap(({ y, band }) =>
    [y, band?.low, band?.high].flatMap((values) => [...(values ?? [])].filter(isNumber)),
  );
  // A dot on the edge of a panel would be cut.
  const margin = strokes.some(({ dots }) => dots) ? 0.04 : 0.01;
  return {
    title: panel.title ?? '',
    xLabel: panel.xLabel,
    yLabel: panel.yLabel,
    log,
    strokes,
    references,
    xTicks: panel.xTicks,
    xDomain: linearDomain(xs, margin),
    yDomain: (log ? logDomain : valueDomain)([...ys, ...references.map(({ y }) => y)]),
    empty: ys.length === 0,
  };
}

/** The line of a series, or its faint measured line and the smoothed one above it. */
function strokesOf(series: Series, color: string, log: boolean): Stroke[] {
  const { name, dash = false, dots = false, smooth: factor = 0, band } = series;
  const x = Float64Array.from(series.x);
  const gaps = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(values, (y, i) => (drawable(y, log) && Number.isFinite(x[i]) ? y : NaN));
  const measured = { name, color, dash, dots, faint: false, x, y: gaps(series.y) };
  if (factor === 0) {
    return [{ ...measured, band: band && { low: gaps(band.low), high: gaps(band.high) } }];
  }
  return [
    { ...measured, faint: true },
    { ...measured, y: gaps(smooth(series.y, factor)) },
  ];
}

function isNumber(value: number): boolean {
  return !Number.isNaN(value);
}

function drawable(y: number, log: boolean): boolean {
  return Number.isFinite(y) && (!log || y > 0);
}

/** The places of values that get a dot: all, or those between two gaps, which a line does not show. */
export function dottedPoints({ y, dots }: Stroke): number[] {
  const known = [...y.keys()].filter((i) => !Number.isNaN(y[i]));
  if (dots) return known;
  return known.filter(
    (i) => (i === 0 || Number.isNaN(y[i - 1])) && (i === y.length - 1 || Number.isNaN(y[i + 1])),
  );
}

/** How strongly a band is drawn. */
export const BAND_OPACITY = 0.15;

/** The share of a value below which a difference is taken for rounding. */
const ROUNDING = 1e-9;

/** The smallest and largest value; [0, 1] for none, and something round a single value. */
function extent(values: number[]): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) return [0, 1];
  const size = Math.max(Math.abs(least), Math.abs(most));
  // Values that differ by rounding alone are one value, with room for an axis around it.
  const room = most - least <= ROUNDING * size ? size / 10 || 1 : 0;
  return [least - room, most + room];
}

function linearDomain(values: number[], margin: number): [number, number] {
  const [least, most] = extent(values);
  const room = margin * (most - least);
  return [least - room, most + room];
}

/** A domain for values, which starts at 0 where they come near it. */
function valueDomain(values: number[]): [number, number] {
  const [least, most] = extent(values);
  const [low, high] = linearDomain(values, 0.05);
  return least >= 0 && least < 0.3 * most ? [0, high] : [low, high];
}

function logDomain(values: number[]): [number, number] {
  if (values.length === 0) return [0.1, 1];
  const [low, high] = linearDomain(values.map(Math.log10), 0.05);
  return [10 ** low, 10 ** high];
}
