import { curveBoxes, referenceLabels, type PanelBox } from './curves-boxes';
import {
  BAND_OPACITY,
  dottedPoints,
  type CurvesLayout,
  type PanelLayout,
  type Stroke,
} from './curves-layout';
import { escapePlotly } from './escape';
import type { PlotlySpecification } from './figure';
import { legendName } from './frame';
import { channels, ink, roleColors } from './palette';
import { axisSuffix, plainNumbers, plotlyLayout, within01 } from './plotly';
import { textSize } from './text';

const digits = 6;

/** The interactive form of curves: one plotly axis pair for each panel. */
export function plotlyCurves(layout: CurvesLayout): PlotlySpecification {
  const { frame, panels } = layout;
  const boxes = curveBoxes(layout);
  const paper = paperOf(boxes);
  const base = plotlyLayout(frame, {
    left: paper.left - frame.plot.left,
    right: frame.plot.left + frame.plot.width - paper.right,
    top: paper.top - frame.plot.top,
    bottom: frame.plot.top + frame.plot.height - paper.bottom,
  });

  const named = new Set<string>();
  const result: PlotlySpecification = {
    data: panels.flatMap((panel, i) =>
      panel.strokes.flatMap((stroke) => {
        const isFirst = !stroke.faint && !named.has(stroke.name);
        if (isFirst) named.add(stroke.name);
        return traces(stroke, legendName(frame, stroke.name), axisSuffix(i), isFirst);
      }),
    ),
    layout: {
      ...base,
      hovermode: 'x unified',
      shapes: panels.flatMap((panel, i) => referenceLines(panel, axisSuffix(i))),
      annotations: [
        ...(base.annotations as object[]),
        ...panels.flatMap((panel, i) => annotations(panel, boxes[i], axisSuffix(i))),
      ],
    },
  };
  panels.forEach((panel, i) => Object.assign(result.layout, axes(panel, boxes[i], i, paper)));
  return result;
}

/** The area that all panels span: what plotly's domains are shares of. In CSS pixels. */
interface Paper {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function paperOf(boxes: PanelBox[]): Paper {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ left, width }) => left + width)),
    top: Math.min(...boxes.map(({ top }) => top)),
    bottom: Math.max(...boxes.map(({ top, height }) => top + height)),
  };
}

function traces(
  stroke: Stroke,
  shown: string,
  suffix: string,
  showlegend: boolean,
): Record<string, unknown>[] {
  const { name, color, dash, faint, x, y } = stroke;
  const shared = {
    type: 'scatter',
    name: escapePlotly(shown),
    legendgroup: name,
    xaxis: `x${suffix}`,
    yaxis: `y${suffix}`,
    opacity: faint ? 0.3 : 1,
  };
  const line = {
    ...shared,
    mode: 'lines',
    x: plainNumbers(x, digits),
    y: plainNumbers(y, digits),
    line: { color, width: faint ? 1 : 2, dash: dash ? '6px,4px' : 'solid' },
    showlegend,
    ...(faint ? { hoverinfo: 'skip' } : {}),
  };
  const lines = [...bandTraces(stroke, shared), line];
  const dotted = dottedPoints(stroke);
  if (dotted.length === 0) return lines;
  const dots = {
    ...shared,
    mode: 'markers',
    x: plainNumbers(
      dotted.map((i) => x[i]),
      digits,
    ),
    y: plainNumbers(
      dotted.map((i) => y[i]),
      digits,
    ),
    marker: { color, size: faint ? 4 : 7 },
    showlegend: false,
    hoverinfo: 'skip',
  };
  return [...lines, dots];
}

/** The lower edge, and the upper one with what is between them. */
function bandTraces({ x, band, color }: Stroke, shared: object): Record<string, unknown>[] {
  if (!band) return [];
  const [red, green, blue] = channels(color);
  const edge = {
    ...shared,
    mode: 'lines',
    hoverinfo: 'skip',
    showlegend: false,
    line: { width: 0 },
  };
  return [
    { ...edge, x: plainNumbers(x, digits), y: plainNumbers(band.low, digits) },
    {
      ...edge,
      x: plainNumbers(x, digits),
      y: plainNumbers(band.high, digits),
      fill: 'tonexty',
      fillcolor: `rgba(${red},${green},${blue},${BAND_OPACITY})`,
    },
  ];
}

function referenceLines({ references }: PanelLayout, suffix: string): object[] {
  return references.map(({ y }) => ({
    type: 'line',
    xref: `x${suffix} domain`,
    x0: 0,
    x1: 1,
    yref: `y${suffix}`,
    y0: y,
    y1: y,
    line: { color: roleColors.published, width: 1.2, dash: '4px,3px' },
  }));
}

function annotations(panel: PanelLayout, box: PanelBox, suffix: string): object[] {
  const shared = { showarrow: false, xref: `x${suffix} domain`, yref: `y${suffix} domain` };
  const small = { size: textSize.small, color: ink.muted };
  const header = { ...shared, x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' };
  const xshift = box.outerLeft - box.left;
  const result: object[] = [
    { ...header, text: escapePlotly(panel.yLabel), font: small, xshift, yshift: 3 },
  ];
  if (panel.title) {
    const text = `<b>${escapePlotly(panel.title)}</b>`;
    result.push({ ...header, text, font: { size: textSize.body }, xshift, yshift: 20 });
  }
  if (panel.empty) result.push({ ...shared, x: 0.5, y: 0.5, text: 'no data', font: small });
  const placed = referenceLabels(panel, box);
  panel.references.forEach(({ y, label }, i) => {
    const right = placed[i].anchor === 'end';
    result.push({
      ...shared,
      x: right ? 1 : 0,
      xanchor: right ? 'right' : 'left',
      yref: `y${suffix}`,
      y: panel.log ? Math.log10(y) : y,
      yanchor: 'bottom',
      text: escapePlotly(label),
      font: { size: textSize.small, color: ink.text },
      bgcolor: 'rgba(255,255,255,0.75)',
      borderpad: 0,
    });
  });
  return result;
}

function axes(
  panel: PanelLayout,
  box: PanelBox,
  index: number,
  paper: Paper,
): Record<string, unknown> {
  const suffix = axisSuffix(index);
  const across = (x: number): number => within01((x - paper.left) / (paper.right - paper.left));
  const up = (y: number): number => within01((paper.bottom - y) / (paper.bottom - paper.top));
  const shared = {
    tickformat: ',~g',
    tickfont: { size: textSize.small, color: ink.muted },
    zeroline: false,
    gridcolor: ink.grid,
  };
  const [low, high] = panel.yDomain;
  return {
    [`xaxis${suffix}`]: {
      ...shared,
      title: {
        text: escapePlotly(panel.xLabel),
        font: { size: textSize.small, color: ink.muted },
        standoff: 6,
      },
      domain: [across(box.left), across(box.left + box.width)],
      anchor: `y${suffix}`,
      range: panel.xDomain,
      ...(panel.xTicks
        ? {
            tickmode: 'array',
            tickvals: panel.xTicks.map(({ at }) => at),
            ticktext: panel.xTicks.map(({ label }) => escapePlotly(label)),
          }
        : { nticks: box.xTicks.length + 2 }),
      showgrid: false,
      showline: true,
      linecolor: ink.axis,
      ticks: 'outside',
      ticklen: 4,
      tickcolor: ink.axis,
    },
    [`yaxis${suffix}`]: {
      ...shared,
      domain: [up(box.top + box.height), up(box.top)],
      anchor: `x${suffix}`,
      type: panel.log ? 'log' : 'linear',
      range: panel.log ? [Math.log10(low), Math.log10(high)] : [low, high],
      ...(panel.log ? {} : { nticks: box.yTicks.length + 2 }),
      hoverformat: '.4~g',
    },
  };
}
