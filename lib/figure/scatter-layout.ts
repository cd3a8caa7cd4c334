import { frame, padding, type Frame, type LegendEntry } from './frame';
import {
  classesOf,
  layOutPanel,
  type LabelledPoints,
  type ScatterClass,
  type ScatterPanelLayout,
} from './scatter-panel';
import { textSize, wrapText } from './text';

/** Points in the plane, coloured by class. */
export interface ScatterOptions extends LabelledPoints {
  title: string;
  /** Small print under the picture, such as measures of its quality; default none. */
  caption?: string;
  /** In CSS pixels; default 720. */
  width?: number;
  /** In CSS pixels; default 620. */
  height?: number;
}

/** One of the panels of `scatterPanels`, its labels decided. */
export interface TitledPoints extends LabelledPoints {
  title: string;
  caption?: string;
}

/** The panels of a figure and what surrounds them. */
export interface ScatterLayout {
  frame: Frame;
  panels: TitledPanel[];
  /** Whether a line surrounds each panel. */
  framed: boolean;
}

/** A panel with what stands above and below it. */
export interface TitledPanel extends ScatterPanelLayout {
  title: string;
  captionLines: string[];
}

/** Space between two panels, above a panel with a title, and of a line below it, in CSS pixels. */
const GAP = 20;
const HEADER = 22;
export const CAPTION_LINE = 15;

/** One cloud of points with its legend beside it. */
export function layOutScatter(options: ScatterOptions): ScatterLayout {
  const { title, caption, width = 720, height = 620 } = options;
  const classes = classesOf(options);
  const legend = classes.map(legendEntry);
  const f = frame({ title, caption, width, height, legend, legendAt: 'right' });
  const panel = layOutPanel(options, classes, f.plot);
  return { frame: f, panels: [{ ...panel, title: '', captionLines: [] }], framed: false };
}

/** Clouds of points in rows of `columns` under a common legend; square unless `height` is given. */
export function layOutScatterPanels(
  options: { title: string; caption?: string; width: number; height?: number; columns: number },
  panels: TitledPoints[],
): ScatterLayout {
  const { title, caption, width, columns } = options;
  const classes = panels.map(classesOf);
  const share = (width - 2 * padding - GAP * (columns - 1)) / columns;
  const captions = panels.map(({ caption: text }) =>
    // The fonts of a browser may be wider than the stills' own.
    text ? wrapText(text, textSize.small, 0.88 * share) : [],
  );
  const header = panels.some((panel) => panel.title !== '') ? HEADER : 0;
  const longest = Math.max(...captions.map((lines) => lines.length));
  const around = header + (longest > 0 ? longest * CAPTION_LINE + 4 : 0);
  const rows = Math.ceil(panels.length / columns);
  const gaps = GAP * (rows - 1);
  const height = options.height ?? { plot: rows * (share + around) + gaps };
  const legend = allClasses(classes).map(legendEntry);
  const f = frame({ title, caption, width, height, legend });
  const rowHeight = (f.plot.height - gaps) / rows;
  const laidOut = panels.map((panel, i) => {
    const box = {
      left: f.plot.left + (i % columns) * (share + GAP),
      top: f.plot.top + Math.floor(i / columns) * (rowHeight + GAP) + header,
      width: share,
      height: Math.max(20, rowHeight - around),
    };
    const layout = layOutPanel(panel, classes[i], box);
    return { ...layout, title: panel.title, captionLines: captions[i] };
  });
  return { frame: f, panels: laidOut, framed: true };
}

/** The classes of any panel, in the order of their labels. */
function allClasses(classes: ScatterClass[][]): ScatterClass[] {
  const byLabel = new Map(classes.flat().map((one) => [one.label, one]));
  return [...byLabel.values()].sort((a, b) => a.label - b.label);
}

function legendEntry({ name, color }: ScatterClass): LegendEntry {
  return { name, color, mark: 'dot' };
}
