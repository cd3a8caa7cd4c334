import type { Matrix } from '../data/matrix';
import { escapePlotly } from './escape';
import type { Figure, PlotlySpecification } from './figure';
import { formatNumber } from './format';
import { frame, frameSvg, padding, type Frame } from './frame';
import { ink, sequentialColor, sequentialColors } from './palette';
import { plainNumbers, plotlyLayout } from './plotly';
import { svgToPng } from './still';
import { decimal, svgText } from './svg';
import { shorten, textSize, textWidth } from './text';

/** A small matrix of magnitudes, each written in its cell. */
export interface HeatmapOptions {
  title: string;
  /** [rows, columns]; a value that is not finite is left white. */
  values: Matrix;
  rowNames: readonly string[];
  columnNames: readonly string[];
  /** What the rows are; default none. */
  rowLabel?: string;
  /** What the columns are; default none. */
  columnLabel?: string;
  /** Significant digits of the values; default 3. */
  digits?: number;
  /** The values shown white and darkest; default: 0 (or the least, if below) and the greatest. */
  domain?: [number, number];
  /** Small print under the matrix; default none. */
  caption?: string;
  /** In CSS pixels; default 640. The height follows from the number of rows. */
  width?: number;
}

interface HeatmapLayout {
  options: HeatmapOptions;
  frame: Frame;
  domain: [number, number];
  rowNames: string[];
  columnNames: string[];
  /** Size of a cell in CSS pixels. */
  cell: { width: number; height: number };
  left: number;
  top: number;
  /** Whether the columns' names are too long to stand level. */
  slanted: boolean;
  bottom: number;
}

/**
 * A matrix as coloured cells with their values, such as a confusion matrix or the mean distances
 * between classes; the first row is at the top.
 *
 * @throws RangeError when `values` is not rowNames x columnNames or is empty, or the domain has no
 *   extent
 */
export function heatmap(options: HeatmapOptions): Figure {
  const layout = layOutHeatmap(options);
  const { title, rowNames, columnNames } = options;
  return {
    alt: `${title}: matrix of ${rowNames.join(', ')} (rows) by ${columnNames.join(', ')} (columns).`,
    width: layout.frame.width,
    height: layout.frame.height,
    interactive: { plotly: plotlyHeatmap(layout) },
    png: () => drawHeatmap(layout),
  };
}

function layOutHeatmap(options: HeatmapOptions): HeatmapLayout {
  const { title, caption, values, width = 640 } = options;
  const [rows, columns] = values.shape;
  if (rows === 0 || rows !== options.rowNames.length || columns !== options.columnNames.length) {
    throw new RangeError(
      `heatmap: values must be ${options.rowNames.length} x ${options.columnNames.length} ` +
        `(rowNames x columnNames, not empty), got ${rows} x ${columns}`,
    );
  }
  const fit = (name: string): string => shorten(name, textSize.small, width / 4);
  const rowNames = options.rowNames.map(fit);
  const columnNames = options.columnNames.map(fit);
  const widest = (names: string[]): number =>
    Math.max(...names.map((name) => textWidth(name, textSize.small)));
  const left = padding + widest(rowNames) * 1.1 + 8;
  const cellWidth = Math.min(80, (width - padding - left) / columns);
  const cellHeight = Math.max(22, Math.min(40, cellWidth * 0.8));
  const slanted = widest(columnNames) * 1.1 > cellWidth - 4;
  const nameHeight = slanted ? widest(columnNames) * 0.75 + 14 : 20;
  const bottom = nameHeight + (options.columnLabel ? 20 : 4);
  const header = options.rowLabel ? 24 : 4;
  const f = frame({ title, caption, width, height: { plot: header + rows * cellHeight + bottom } });
  return {
    options,
    frame: f,
    domain: options.domain ?? domainOf(values.data),
    rowNames,
    columnNames,
    cell: { width: cellWidth, height: cellHeight },
    left,
    top: f.plot.top + header,
    slanted,
    bottom,
  };
}

/** From 0, or the least value if it is negative, to the greatest. */
function domainOf(values: Float32Array): [number, number] {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), 0);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  return [low, high > low ? high : low + 1];
}

function plotlyHeatmap(layout: HeatmapLayout): PlotlySpecification {
  const { options, frame: f, domain, cell, left, top, bottom } = layout;
  const { values, digits = 3 } = options;
  const [rows, columns] = values.shape;
  const rowOf = (i: number): Float32Array => values.data.subarray(i * columns, (i + 1) * columns);
  const indices = Array.from({ length: rows }, (_, i) => i);
  const ticks = (names: string[]): Record<string, unknown> => ({
    tickmode: 'array',
    tickvals: names.map((_, i) => i),
    ticktext: names.map(escapePlotly),
    tickfont: { size: textSize.small },
    ticks: '',
    showgrid: false,
    zeroline: false,
    fixedrange: true,
  });
  const base = plotlyLayout(f, {
    left: left - f.plot.left,
    right: f.plot.left + f.plot.width - left - columns * cell.width,
    top: top - f.plot.top,
    bottom,
  });
  const muted = { size: textSize.small, color: ink.muted };
  const title = (text = ''): object => ({ text: escapePlotly(text), font: muted, standoff: 4 });
  return {
    data: [
      {
        type: 'heatmap',
        z: indices.map((i) => plainNumbers(rowOf(i), 6)),
        text: indices.map((i) => Array.from(rowOf(i), (value) => formatNumber(value, digits))),
        texttemplate: '%{text}',
        textfont: { size: textSize.small },
        hovertext: indices.map((i) =>
          Array.from(rowOf(i), (value, j) =>
            escapePlotly(
              `${options.rowNames[i]}, ${options.columnNames[j]}: ${formatNumber(value, 6)}`,
            ),
          ),
        ),
        hoverinfo: 'text',
        colorscale: sequentialColors.map((color, i) => [i / (sequentialColors.length - 1), color]),
        zmin: domain[0],
        zmax: domain[1],
        showscale: false,
        xgap: 1,
        ygap: 1,
      },
    ],
    layout: {
      ...base,
      xaxis: {
        ...ticks(layout.columnNames),
        tickangle: layout.slanted ? -45 : 0,
        title: title(options.columnLabel),
      },
      yaxis: { ...ticks(layout.rowNames), range: [rows - 0.5, -0.5] },
      annotations: [
        ...(base.annotations as object[]),
        {
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
        },
      ],
    },
  };
}

function drawHeatmap(layout: HeatmapLayout): Uint8Array {
  const { options, frame: f, domain, rowNames, columnNames, cell, left, top, slanted } = layout;
  const { values, digits = 3, rowLabel = '', columnLabel = '' } = options;
  const [rows, columns] = values.shape;
  const below = top + rows * cell.height;
  const small = { size: textSize.small };
  const parts = [
    svgText(padding, top - 8, rowLabel, { ...small, color: ink.muted }),
    svgText(left + (columns * cell.width) / 2, below + layout.bottom - 6, columnLabel, {
      ...small,
      color: ink.muted,
      anchor: 'middle',
    }),
  ];
  rowNames.forEach((name, i) => {
    const y = top + (i + 0.5) * cell.height + 4;
    parts.push(svgText(left - 6, y, name, { ...small, anchor: 'end' }));
  });
  columnNames.forEach((name, j) => {
    const x = left + (j + 0.5) * cell.width;
    const turn = slanted ? `rotate(-45 ${decimal(x)} ${decimal(below + 10)})` : '';
    const word = svgText(x, below + 14, name, { ...small, anchor: slanted ? 'end' : 'middle' });
    parts.push(`<g transform="${turn}">${word}</g>`);
  });
  values.data.forEach((value, k) => {
    const x = left + (k % columns) * cell.width;
    const y = top + Math.floor(k / columns) * cell.height;
    const t = (value - domain[0]) / (domain[1] - domain[0]);
    const fill = Number.isFinite(t) ? `rgb(${sequentialColor(t).join(',')})` : ink.ground;
    const size = `width="${decimal(cell.width - 1)}" height="${decimal(cell.height - 1)}"`;
    parts.push(`<rect x="${decimal(x)}" y="${decimal(y)}" ${size} fill="${fill}"/>`);
    parts.push(
      svgText(x + cell.width / 2 - 0.5, y + cell.height / 2 + 3.5, formatNumber(value, digits), {
        ...small,
        anchor: 'middle',
        color: t > 0.55 ? ink.ground : ink.text,
      }),
    );
  });
  return svgToPng(frameSvg(f, parts.join('')));
}
