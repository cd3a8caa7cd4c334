import {
  BAND_OPACITY,
  dottedPoints,
  type CurvesLayout,
  type PanelLayout,
  type Stroke,
} from './curves-layout';
import { curveBoxes, referenceLabels, type PanelBox } from './curves-boxes';
import { frameSvg } from './frame';
import { Plot, type Markish } from './packages';
import { ink, roleColors } from './palette';
import { plotToSvg, svgToPng } from './still';
import { svgText } from './svg';
import { textSize } from './text';
import { formatTick } from './ticks';

/** The still form of curves: a PNG. */
export function drawCurves(layout: CurvesLayout): Uint8Array {
  const boxes = curveBoxes(layout);
  const panels = layout.panels.map((panel, i) => drawPanel(panel, boxes[i]));
  return svgToPng(frameSvg(layout.frame, panels.join('')));
}

function drawPanel(panel: PanelLayout, box: PanelBox): string {
  const plot = plotToSvg(
    {
      width: box.left + box.width + 20,
      height: box.top + box.height + 40,
      marginLeft: box.left,
      marginTop: box.top,
      marginRight: 20,
      marginBottom: 40,
      x: { domain: panel.xDomain },
      y: { domain: panel.yDomain, type: panel.log ? 'log' : 'linear' },
      marks: marks(panel, box),
    },
    0,
    0,
  );
  const { left, top, width, height, outerLeft } = box;
  const muted = { size: textSize.small, color: ink.muted };
  return [
    plot,
    svgText(outerLeft, top - 28, panel.title, { weight: 'bold' }),
    svgText(outerLeft, top - 10, panel.yLabel, muted),
    svgText(left + width / 2, top + height + 34, panel.xLabel, { ...muted, anchor: 'middle' }),
    ...referenceLabels(panel, box).map(({ label, x, y, anchor }) =>
      svgText(x, y, label, { size: textSize.small, color: ink.text, anchor, halo: true }),
    ),
    panel.empty
      ? svgText(left + width / 2, top + height / 2, 'no data', { ...muted, anchor: 'middle' })
      : '',
  ].join('');
}

function marks(panel: PanelLayout, box: PanelBox): Markish[] {
  const axis = { text: formatTick, label: null, color: ink.muted, fontSize: textSize.small };
  return [
    Plot.gridY(box.yTicks, { stroke: ink.grid, strokeOpacity: 1 }),
    Plot.axisY(box.yTicks, { ...axis, tickSize: 0, tickPadding: 6 }),
    Plot.axisX(
      box.xTicks.map(({ at }) => at),
      { ...axis, text: box.xTicks.map(({ label }) => label), tickSize: 4, stroke: ink.axis },
    ),
    Plot.frame({ anchor: 'bottom', stroke: ink.axis }),
    Plot.ruleY(
      panel.references.map(({ y }) => y),
      { stroke: roleColors.published, strokeDasharray: '4 3', strokeWidth: 1.2 },
    ),
    ...panel.strokes.flatMap(bandMarks),
    ...panel.strokes.flatMap(strokeMarks),
  ];
}

function bandMarks({ x, band, color }: Stroke): Markish[] {
  if (!band) return [];
  return [
    Plot.areaY(band.low, {
      x,
      y1: band.low,
      y2: band.high,
      fill: color,
      fillOpacity: BAND_OPACITY,
    }),
  ];
}

function strokeMarks(stroke: Stroke): Markish[] {
  const { x, y, color, dash, faint } = stroke;
  const dotted = dottedPoints(stroke);
  return [
    Plot.line(y, {
      x,
      y,
      stroke: color,
      strokeWidth: faint ? 1 : 2,
      strokeOpacity: faint ? 0.3 : 1,
      strokeDasharray: dash ? '6 4' : undefined,
      strokeLinejoin: 'round',
    }),
    Plot.dot(dotted, {
      x: (i: number) => x[i],
      y: (i: number) => y[i],
      fill: color,
      fillOpacity: faint ? 0.3 : 1,
      r: faint ? 2 : 3.5,
    }),
  ];
}
