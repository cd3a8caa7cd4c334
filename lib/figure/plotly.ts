import { escapePlotly } from './escape';
import { padding, type Frame } from './frame';
import { ink } from './palette';
import { roundSignificant } from './format';
import { textSize } from './text';

/** Spaces the axes of a plot need within its frame, in CSS pixels. */
export interface AxisSpace {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The shared part of every plotly layout: fonts, title, legend, caption, margins, ground. */
export function plotlyLayout(f: Frame, axes: AxisSpace): Record<string, unknown> {
  const { plot } = f;
  const margin = {
    l: plot.left + axes.left,
    r: f.width - plot.left - plot.width + axes.right,
    t: plot.top + axes.top,
    b: f.height - plot.top - plot.height + axes.bottom,
    pad: 0,
  };
  return {
    autosize: true,
    height: f.height,
    margin,
    font: { family: 'system-ui, sans-serif', size: textSize.body, color: ink.text },
    showlegend: f.legend.length > 0,
    legend: legendLayout(f),
    annotations: [...titleAnnotation(f, margin), ...captionAnnotation(f, margin)],
    paper_bgcolor: ink.ground,
    plot_bgcolor: ink.ground,
    hoverlabel: { bgcolor: ink.ground, bordercolor: ink.grid, font: { color: ink.text } },
    modebar: { color: ink.axis, activecolor: ink.text, bgcolor: 'rgba(255,255,255,0)' },
  };
}

function legendLayout(f: Frame): Record<string, unknown> {
  const shared = { bgcolor: 'rgba(255,255,255,0)', yref: 'container', yanchor: 'top' };
  if (f.legend.length === 0) return shared;
  const y = 1 - (f.legend[0].y - 18) / f.height;
  // Plotly insets a legend's marks by 5 pixels.
  const x = (padding - 5) / f.width;
  return f.legendAt === 'top'
    ? { ...shared, orientation: 'h', tracegroupgap: 0, x, xref: 'container', xanchor: 'left', y }
    : { ...shared, x: 1 - x, xref: 'container', xanchor: 'right', y, itemsizing: 'constant' };
}

/** The title as an annotation: plotly's own title is misplaced when it has two lines. */
function titleAnnotation(f: Frame, margin: { l: number; t: number }): object[] {
  if (f.titleLines.length === 0) return [];
  return [
    {
      ...cornerText(f.titleLines, padding - margin.l),
      font: { size: textSize.title, weight: 'bold' },
      y: 1,
      yanchor: 'top',
      yshift: margin.t - padding + 4,
    },
  ];
}

function captionAnnotation(f: Frame, margin: { l: number; b: number }): object[] {
  if (f.captionLines.length === 0) return [];
  return [
    {
      ...cornerText(f.captionLines, padding - margin.l),
      font: { size: textSize.small, color: ink.muted },
      y: 0,
      yanchor: 'bottom',
      yshift: padding - 6 - margin.b,
    },
  ];
}

function cornerText(lines: string[], xshift: number): Record<string, unknown> {
  return {
    text: lines.map(escapePlotly).join('<br>'),
    align: 'left',
    showarrow: false,
    borderpad: 0,
    xref: 'paper',
    x: 0,
    xanchor: 'left',
    xshift,
    yref: 'paper',
  };
}

/**
 * `values` as a plain array for plotly's JSON: `digits` significant digits, and null (a gap) for
 * each value that is not finite.
 */
export function plainNumbers(values: ArrayLike<number>, digits: number): (number | null)[] {
  return Array.from(values, (value) =>
    Number.isFinite(value) ? roundSignificant(value, digits) : null,
  );
}

/** What plotly appends to the names of the axes of panel `i`: nothing, 2, 3, … */
export function axisSuffix(i: number): string {
  return i === 0 ? '' : String(i + 1);
}

/** A share of plotly's paper: it refuses one that rounding has carried beyond 0 or 1. */
export function within01(share: number): number {
  return Math.min(1, Math.max(0, share));
}
