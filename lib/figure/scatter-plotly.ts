import { escapePlotly } from './escape';
import type { PlotlySpecification } from './figure';
import { legendName } from './frame';
import { ink } from './palette';
import { axisSuffix, plotlyLayout, within01 } from './plotly';
import type { ScatterLayout, TitledPanel } from './scatter-layout';
import type { ScatterClass } from './scatter-panel';
import { textSize } from './text';

/** A white outline, as names of classes have it in the stills: shadows on all sides. */
const HALO = [-1, 0, 1]
  .flatMap((x) => [-1, 0, 1].map((y) => `${x}px ${y}px 1px ${ink.ground}`))
  .join(', ');

/**
 * The interactive form of scatters: a pair of axes for each panel, and in it two traces for each class,
 * its points and its name, which come and go together by the legend.
 */
export function plotlyScatter(layout: ScatterLayout): PlotlySpecification {
  const { frame, panels, framed } = layout;
  const base = plotlyLayout(frame, { left: 0, right: 0, top: 0, bottom: 0 });
  const named = new Set<number>();
  const isFirst = (label: number): boolean => named.size < named.add(label).size;
  const clicks = { itemclick: 'toggleothers', itemdoubleclick: 'toggle' };
  const result: PlotlySpecification = {
    data: panels.flatMap((panel, i) => {
      const axes = { xaxis: `x${axisSuffix(i)}`, yaxis: `y${axisSuffix(i)}` };
      const clouds = panel.classes.map((one) => ({
        ...axes,
        ...cloud(panel, one),
        name: escapePlotly(legendName(frame, one.name)),
        showlegend: isFirst(one.label),
      }));
      return [...clouds, ...panel.classes.map((_, k) => ({ ...axes, ...className(panel, k) }))];
    }),
    layout: {
      ...base,
      legend: { ...(base.legend as object), ...clicks, itemsizing: 'constant' },
      hovermode: 'closest',
      dragmode: 'pan',
      shapes: framed ? panels.map((_, i) => outline(axisSuffix(i))) : [],
      annotations: [
        ...(base.annotations as object[]),
        ...panels.flatMap((panel, i) => annotations(panel, axisSuffix(i))),
      ],
    },
  };
  panels.forEach((panel, i) =>
    Object.assign(result.layout, axisPair(panel, axisSuffix(i), frame.plot)),
  );
  return result;
}

/** The points of a class. */
function cloud(panel: TitledPanel, { label, name, color, indices }: ScatterClass): object {
  const { points, hover, xDomain, radius } = panel;
  const round = rounding(xDomain[1] - xDomain[0]);
  return {
    // The cartesian bundle of plotly.js has no scattergl.
    type: 'scatter',
    mode: 'markers',
    legendgroup: String(label),
    x: indices.map((i) => round(points.data[2 * i])),
    y: indices.map((i) => round(points.data[2 * i + 1])),
    marker: { color, size: 2 * radius, opacity: 0.75, line: { width: 0 } },
    hoverinfo: 'text',
    hovertext: hover ? indices.map((i) => escapePlotly(hover[i])) : escapePlotly(name),
  };
}

/** The name of the panel's class `k`. */
function className({ classes, labels, labelSize, xDomain }: TitledPanel, k: number): object {
  const round = rounding(xDomain[1] - xDomain[0]);
  const { name, x, y } = labels[k];
  return {
    type: 'scatter',
    mode: 'text',
    legendgroup: String(classes[k].label),
    showlegend: false,
    x: [round(x)],
    y: [round(y)],
    text: [escapePlotly(name)],
    textposition: 'middle center',
    textfont: { size: labelSize, weight: 'bold', color: ink.text, shadow: HALO },
    hoverinfo: 'skip',
  };
}

/** What stands above and below a panel. */
function annotations({ title, captionLines }: TitledPanel, suffix: string): object[] {
  const corner = {
    showarrow: false,
    align: 'left',
    borderpad: 0,
    xref: `x${suffix} domain`,
    x: 0,
    xanchor: 'left',
    yref: `y${suffix} domain`,
  };
  const result: object[] = [];
  if (title) {
    const font = { size: textSize.body, weight: 'bold' };
    result.push({ ...corner, text: escapePlotly(title), font, y: 1, yanchor: 'bottom', yshift: 3 });
  }
  if (captionLines.length > 0) {
    const text = captionLines.map(escapePlotly).join('<br>');
    const font = { size: textSize.small, color: ink.muted };
    result.push({ ...corner, text, font, y: 0, yanchor: 'top', yshift: -3 });
  }
  return result;
}

function outline(suffix: string): object {
  return {
    type: 'rect',
    xref: `x${suffix} domain`,
    x0: 0,
    x1: 1,
    yref: `y${suffix} domain`,
    y0: 0,
    y1: 1,
    line: { color: ink.grid, width: 1 },
    layer: 'below',
  };
}

function axisPair(
  { box, xDomain, yDomain }: TitledPanel,
  suffix: string,
  plot: ScatterLayout['frame']['plot'],
): Record<string, unknown> {
  const across = (x: number): number => within01((x - plot.left) / plot.width);
  const up = (y: number): number => within01((plot.top + plot.height - y) / plot.height);
  const shared = { visible: false, zeroline: false };
  return {
    [`xaxis${suffix}`]: {
      ...shared,
      domain: [across(box.left), across(box.left + box.width)],
      anchor: `y${suffix}`,
      range: xDomain,
    },
    [`yaxis${suffix}`]: {
      ...shared,
      domain: [up(box.top + box.height), up(box.top)],
      anchor: `x${suffix}`,
      range: yDomain,
      scaleanchor: `x${suffix}`,
      scaleratio: 1,
    },
  };
}

/** Rounds coordinates to four significant digits of the picture's width. */
function rounding(width: number): (value: number) => number {
  const unit = 10 ** (Math.floor(Math.log10(width)) - 3);
  return (value) => Number((Math.round(value / unit) * unit).toPrecision(7));
}
