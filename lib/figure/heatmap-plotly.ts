import { row } from '../data/matrix';
import { escapePlotly } from './escape';
import type { PlotlySpecification } from './figure';
import { formatNumber } from './format';
import { padding } from './frame';
import type { HeatmapLayout } from './heatmap-layout';
import { ink, sequentialColors } from './palette';
import { plainNumbers, plotlyLayout } from './plotly';
import { textSize } from './text';

/** The interactive form of a heatmap. */
export function plotlyHeatmap(layout: HeatmapLayout): PlotlySpecification {
  const { options, frame: f, cell, left, top, bottom } = layout;
  const [rows, columns] = options.values.shape;
  const base = plotlyLayout(f, {
    left: left - f.plot.left,
    right: f.plot.left + f.plot.width - left - columns * cell.width,
    top: top - f.plot.top,
    bottom,
  });
  const columnLabel = { text: escapePlotly(options.columnLabel ?? ''), font: muted, standoff: 4 };
  const rowLabel = {
    text: escapePlotly(options.rowLabel ?? ''),
    font: muted,
    showarrow: false,
    xref: 'paper',
    x: 0,
    xanchor: 'left',
    xshift: padding - left,
    yref: 'paper',
    y: 1,
    yanchor: 'bottom',
  };
  const tickangle = layout.slanted ? -45 : 0;
  return {
    data: [heatmapTrace(layout)],
    layout: {
      ...base,
      xaxis: { ...namedTicks(layout.columnNames), tickangle, title: columnLabel },
      yaxis: { ...namedTicks(layout.rowNames), range: [rows - 0.5, -0.5] },
      annotations: [...(base.annotations as object[]), rowLabel],
    },
  };
}

const muted = { size: textSize.small, color: ink.muted };

function heatmapTrace({ options, domain, texts }: HeatmapLayout): Record<string, unknown> {
  const { values, rowNames, columnNames, cellText } = options;
  const rows = rowNames.map((_, i) => row(values, i));
  const lines = (i: number, j: number): string[] => texts[i * columnNames.length + j];
  const says = (value: number, i: number, j: number): string => {
    const said = cellText ? lines(i, j).join(', ') : formatNumber(value, 6);
    return escapePlotly(`${rowNames[i]}, ${columnNames[j]}: ${said}`);
  };
  return {
    type: 'heatmap',
    z: rows.map((cells) => plainNumbers(cells, 6)),
    text: rows.map((cells, i) =>
      Array.from(cells, (_, j) => lines(i, j).map(escapePlotly).join('<br>')),
    ),
    texttemplate: '%{text}',
    textfont: { size: textSize.small },
    hovertext: rows.map((cells, i) => Array.from(cells, (value, j) => says(value, i, j))),
    hoverinfo: 'text',
    colorscale: sequentialColors.map((color, i) => [i / (sequentialColors.length - 1), color]),
    zmin: domain[0],
    zmax: domain[1],
    showscale: false,
    xgap: 1,
    ygap: 1,
  };
}

/** An axis whose ticks are names: by place, because plotly would merge equal names. */
function namedTicks(names: string[]): Record<string, unknown> {
  return {
    tickmode: 'array',
    tickvals: names.map((_, i) => i),
    ticktext: names.map(escapePlotly),
    tickfont: { size: textSize.small },
    ticks: '',
    ticklabelstandoff: 3,
    showgrid: false,
    zeroline: false,
    fixedrange: true,
  };
}
