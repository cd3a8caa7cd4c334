import type { CurvesLayout, PanelLayout, Tick } from './curves-layout';
import { textSize, textWidth } from './text';
import { formatTick, linearTicks, logTicks } from './ticks';

/** Where a panel stands: the area within its axes, in CSS pixels from the figure's corner. */
export interface PanelBox {
  left: number;
  top: number;
  width: number;
  height: number;
  /** Where the panel's own space begins, its tick labels included. */
  outerLeft: number;
  xTicks: readonly Tick[];
  yTicks: number[];
}

/** Space between two panels, in CSS pixels. */
const GAP = 28;

/** Divides the frame's plot among the panels, row by row, each with the room its labels need. */
export function curveBoxes({ frame, panels, columns }: CurvesLayout): PanelBox[] {
  const { plot } = frame;
  const rows = Math.ceil(panels.length / columns);
  const share = (plot.width - GAP * (columns - 1)) / columns;
  const rowHeight = (plot.height - GAP * (rows - 1)) / rows;
  const header = panels.some(({ title }) => title !== '') ? 42 : 24;
  const height = Math.max(20, rowHeight - header - 38);
  return panels.map(({ xDomain, yDomain, log, ...panel }, i) => {
    const outerLeft = plot.left + (i % columns) * (share + GAP);
    const top = plot.top + Math.floor(i / columns) * (rowHeight + GAP) + header;
    const yTicks = (log ? logTicks : linearTicks)(...yDomain, Math.max(2, height / 44));
    const labels = yTicks.map((tick) => textWidth(formatTick(tick), textSize.small));
    const left = outerLeft + Math.max(0, ...labels) + 8;
    const width = Math.max(20, outerLeft + share - left - 6);
    const xTicks = panel.xTicks ?? roundTicks(xDomain, Math.max(2, width / 90));
    return { left, top, width, height, outerLeft, xTicks, yTicks };
  });
}

function roundTicks([low, high]: [number, number], count: number): Tick[] {
  return linearTicks(low, high, count).map((at) => ({ at, label: formatTick(at) }));
}

/** The label of a reference line and where its baseline starts or ends. */
export interface ReferenceLabel {
  label: string;
  x: number;
  y: number;
  anchor: 'start' | 'end';
}

/** Labels above their lines, each at the end where it covers less. */
export function referenceLabels(panel: PanelLayout, box: PanelBox): ReferenceLabel[] {
  const labels: ReferenceLabel[] = [];
  for (const { y: value, label } of panel.references) {
    const width = textWidth(label, textSize.small);
    const y = box.top + (1 - along(panel, value)) * box.height - 5;
    const ends: ReferenceLabel[] = [
      { label, y, anchor: 'end', x: box.left + box.width - 2 },
      { label, y, anchor: 'start', x: box.left + 6 },
    ];
    const covered = ends.map(({ anchor }) => {
      const others = labels.filter((other) => other.anchor === anchor);
      const crowded = others.some((other) => Math.abs(other.y - y) < 14);
      return (crowded ? 1e6 : 0) + pointsUnder(panel, box, anchor, width, y);
    });
    labels.push(covered[1] < covered[0] ? ends[1] : ends[0]);
  }
  return labels;
}

/** How many points of the lines lie behind a label at one end of the panel. */
function pointsUnder(
  panel: PanelLayout,
  box: PanelBox,
  anchor: 'start' | 'end',
  width: number,
  baseline: number,
): number {
  const [low, high] = panel.xDomain;
  const reach = ((width + 8) / box.width) * (high - low);
  let count = 0;
  for (const { x, y } of panel.strokes) {
    for (let i = 0; i < x.length; i++) {
      const beside = anchor === 'start' ? x[i] - low > reach : high - x[i] > reach;
      const height = box.top + (1 - along(panel, y[i])) * box.height;
      if (!beside && Math.abs(height - (baseline - 4)) < 8) count++;
    }
  }
  return count;
}

/** Where `y` stands on the axis: 0 at its lower end, 1 at its upper. */
function along({ yDomain: [low, high], log }: PanelLayout, y: number): number {
  return log ? Math.log(y / low) / Math.log(high / low) : (y - low) / (high - low);
}
