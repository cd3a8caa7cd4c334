import {
  groupRuns,
  validationMetrics,
  type RunGroup,
  type RunMetrics,
} from '../experiment/compare-runs';
import type { Configuration } from '../experiment/configuration';
import { confidenceInterval, type ConfidenceInterval } from '../evaluate/confidence-interval';
import type { Run } from '../experiment/run';
import { curvePanels, type CurvePanel, type Reference, type Series, type Tick } from './curves';
import type { Figure } from './figure';
import { spreadOf } from './spread';
import { formatTick } from './ticks';

/** Options of `effectCurves`. */
export interface EffectCurvesOptions {
  /** Stands above the panels; '' for none. */
  title: string;
  /** The setting whose effect is shown. */
  factor: keyof Configuration;
  /** A panel for each. Default: validation loss, fraction positive or accuracy, precision@1. */
  metrics?: RunMetrics;
  /**
   * What the band round the means shows: one sample standard deviation to either side, or the 95 %
   * confidence interval of the mean (see `confidenceInterval`). Default 'deviation'.
   */
  band?: 'deviation' | 'confidence';
  /** Lines of known values in the panel of a metric, by its name; default none. */
  references?: Readonly<Record<string, Reference[]>>;
  /** How many panels stand beside one another. Default: all, up to three. */
  columns?: number;
  /** Small print under the plot; default none. */
  caption?: string;
}

/** Numbers that are so many times one another are spread evenly by their logarithm. */
const WIDE = 30;

/**
 * What a setting does: metrics of runs against its values, a panel for each metric and a line for each
 * combination of the other settings in which the runs differ. Dots are means over the runs that differ
 * in nothing but the seed, the band round them the sample standard deviation or, as `band` says, the
 * confidence interval.
 *
 * Values of the factor stand at their place on the axis, positive ones that range widely at that of
 * their logarithm, and those that are no numbers side by side in the order of the runs.
 *
 * @throws RangeError when there is no run or no metric, the factor is 'seed', or the band
 *   another than those named
 */
export function effectCurves(runs: readonly Run[], options: EffectCurvesOptions): Figure {
  const { title, factor, metrics = validationMetrics(runs), references = {}, caption } = options;
  if (runs.length === 0) throw new RangeError('effectCurves: runs must not be empty');
  if (factor === 'seed') {
    throw new RangeError("effectCurves: factor must not be 'seed', over which means are taken");
  }
  const { band = 'deviation' } = options;
  if (band !== 'deviation' && band !== 'confidence') {
    throw new RangeError(
      `effectCurves: band must be 'deviation' or 'confidence', got '${String(band)}'`,
    );
  }
  const groups = groupRuns(runs.filter(({ status }) => status === 'finished'));
  const values = [...new Set(runs.map(({ config }) => config[factor]))];
  const ticks = ticksOf(values);
  const lines = new Map<string, RunGroup[]>();
  for (const group of groups) {
    const name = lineName(group, factor);
    lines.set(name, [...(lines.get(name) ?? []), group]);
  }
  const panels = Object.entries(metrics).map(
    ([name, measure]): CurvePanel => ({
      xLabel: factor,
      yLabel: name,
      xTicks: ticks,
      references: references[name],
      series: [...lines].map(([line, members]) =>
        seriesOf(line, members, { measure, place, band }),
      ),
    }),
  );
  const { columns = Math.min(3, Math.max(1, panels.length)) } = options;
  return curvePanels({ title, caption, panels, columns });

  function place({ runs: [{ config }] }: RunGroup): number {
    return ticks[values.indexOf(config[factor])].at;
  }
}

function seriesOf(
  name: string,
  groups: readonly RunGroup[],
  {
    measure,
    place,
    band,
  }: {
    measure: RunMetrics[string];
    place: (group: RunGroup) => number;
    band: 'deviation' | 'confidence';
  },
): Series {
  const points = groups
    .map((group) => {
      const measured = group.runs.map((run) => measure(run) ?? NaN);
      return {
        x: place(group),
        ...(band === 'confidence' ? confidenceInterval : around)(measured),
      };
    })
    .sort((a, b) => a.x - b.x);
  return {
    name,
    x: points.map(({ x }) => x),
    y: points.map(({ mean }) => mean),
    band: points.some(({ count }) => count > 1)
      ? { low: points.map(({ low }) => low), high: points.map(({ high }) => high) }
      : undefined,
    dots: true,
  };
}

/** One standard deviation to either side of the mean. */
function around(measured: readonly number[]): ConfidenceInterval {
  const { mean, deviation, count } = spreadOf(measured);
  return { mean, low: mean - deviation, high: mean + deviation, count };
}

/** 'blocks 3, batchSize 128': the settings of a line other than the factor. */
function lineName({ settings }: RunGroup, factor: keyof Configuration): string {
  const others = Object.entries(settings).filter(([setting]) => setting !== factor);
  return others.map(([setting, value]) => `${setting} ${value ?? 'all'}`).join(', ') || 'all runs';
}

/** A tick for each value of a factor, in the order of the values. */
function ticksOf(values: readonly Configuration[keyof Configuration][]): Tick[] {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbers.length < values.length) {
    return values.map((value, at) => ({ at, label: String(value ?? 'all') }));
  }
  const isWide = least > 0 && most / least >= WIDE;
  return numbers.map((value) => ({
    at: isWide ? Math.log10(value) : value,
    label: formatTick(value),
  }));
}
