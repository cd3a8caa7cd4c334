import { escapePlotly } from './escape';
import type { PlotlySpecification } from './figure';
import { legendName } from './frame';
import { plotlyLayout } from './plotly';
import type { ScatterLayout } from './scatter-layout';
import { textSize } from './text';

/** The interactive form of a scatter: a trace for each class. */
export function plotlyScatter(layout: ScatterLayout): PlotlySpecification {
  const { frame, points, hover, classes, labels, xDomain, yDomain, radius } = layout;
  const round = rounding(xDomain[1] - xDomain[0]);
  const data = classes.map(({ name, color, indices }) => ({
    // The cartesian bundle of plotly.js has no scattergl.
    type: 'scatter',
    mode: 'markers',
    name: escapePlotly(legendName(frame, name)),
    x: indices.map((i) => round(points.data[2 * i])),
    y: indices.map((i) => round(points.data[2 * i + 1])),
    marker: { color, size: 2 * radius, opacity: 0.75, line: { width: 0 } },
    hoverinfo: 'text',
    hovertext: hover ? indices.map((i) => escapePlotly(hover[i])) : escapePlotly(name),
  }));
  const base = plotlyLayout(frame, { left: 0, right: 0, top: 0, bottom: 0 });
  const axis = { visible: false, zeroline: false };
  return {
    data,
    layout: {
      ...base,
      hovermode: 'closest',
      dragmode: 'pan',
      xaxis: { ...axis, range: xDomain },
      yaxis: { ...axis, range: yDomain, scaleanchor: 'x', scaleratio: 1 },
      annotations: [
        ...(base.annotations as object[]),
        ...labels.map(({ name, x, y }) => ({
          text: escapePlotly(name),
          font: { size: textSize.body, weight: 'bold' },
          x: round(x),
          y: round(y),
          showarrow: false,
          bgcolor: 'rgba(255,255,255,0.7)',
          borderpad: 0,
        })),
      ],
    },
  };
}

/** Rounds coordinates to four significant digits of the picture's width. */
function rounding(width: number): (value: number) => number {
  const unit = 10 ** (Math.floor(Math.log10(width)) - 3);
  return (value) => Number((Math.round(value / unit) * unit).toPrecision(7));
}
