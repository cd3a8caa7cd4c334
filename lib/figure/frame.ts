import { ink } from './palette';
import { decimal, svgDocument, svgText } from './svg';
import { shorten, textSize, textWidth, wrapText } from './text';

/** Space between the edge of a figure and what it holds, in CSS pixels. */
export const padding = 16;
const titleLine = 20;
const legendLine = 18;
const captionLine = 16;
const legendMark = 20;
const legendGap = 18;

/** What stands in a legend: a line (dashed or not) or a dot, and its name. */
export interface LegendEntry {
  name: string;
  color: string;
  mark: 'line' | 'dashed' | 'dot';
}

/** What surrounds the plot of a figure; both forms are laid out from it. */
export interface Frame {
  width: number;
  height: number;
  /** The title, broken into lines that fit the width. */
  titleLines: string[];
  captionLines: string[];
  /** The legend's entries with names cut to fit; (x, y) is where the name's baseline starts. */
  legend: { entry: LegendEntry; name: string; x: number; y: number }[];
  legendAt: 'top' | 'right';
  /** The part that remains for the plot and its axes. */
  plot: { left: number; top: number; width: number; height: number };
}

/** What to put round a plot. */
export interface FrameOptions {
  width: number;
  /** Height of the whole figure, or of the plot alone. */
  height: number | { plot: number };
  title: string;
  /** Small print under the plot; default none. */
  caption?: string;
  /** Default none. */
  legend?: LegendEntry[];
  /** Above the plot in rows, or beside it in a column; default 'top'. */
  legendAt?: 'top' | 'right';
}

/** Lays out title, legend and caption, and says which part of the figure is left for the plot. */
export function frame(options: FrameOptions): Frame {
  const { width, legend = [], legendAt = 'top' } = options;
  const inner = width - 2 * padding;
  // The fonts of a browser may be wider than the stills' own.
  const text = 0.88 * inner;
  const titleLines = options.title ? wrapText(options.title, textSize.title, text, 'bold') : [];
  const captionLines = options.caption ? wrapText(options.caption, textSize.small, text) : [];
  const top = padding + titleLines.length * titleLine;
  const bottom = padding + captionLines.length * captionLine + (captionLines.length > 0 ? 4 : 0);

  const placed = legendAt === 'top' ? rows(legend, text, top) : column(legend, width, top);
  const last = placed[placed.length - 1];
  const plotTop = legendAt === 'top' && last ? last.y + 12 : top + 4;
  const right = legendAt === 'right' && last ? last.x - legendMark - legendGap : width - padding;
  const height =
    typeof options.height === 'number'
      ? options.height
      : Math.ceil(plotTop + options.height.plot + bottom);
  return {
    width,
    height,
    titleLines,
    captionLines,
    legend: placed,
    legendAt,
    plot: {
      left: padding,
      top: plotTop,
      width: right - padding,
      height: height - bottom - plotTop,
    },
  };
}

/** A legend in rows, from left to right. */
function rows(entries: LegendEntry[], width: number, top: number): Frame['legend'] {
  let x = padding;
  let y = top + legendLine;
  return entries.map((entry) => {
    const name = shorten(entry.name, textSize.body, width - legendMark);
    const wide = legendMark + textWidth(name, textSize.body);
    if (x > padding && x + wide > padding + width) {
      x = padding;
      y += legendLine;
    }
    const place = { entry, name, x: x + legendMark, y };
    x += wide + legendGap;
    return place;
  });
}

/** A legend in one column at the right edge, its names at most a quarter of the figure wide. */
function column(entries: LegendEntry[], width: number, top: number): Frame['legend'] {
  const names = entries.map(({ name }) => shorten(name, textSize.body, width / 4));
  const widest = Math.max(0, ...names.map((name) => textWidth(name, textSize.body)));
  const x = width - padding - widest;
  return entries.map((entry, i) => {
    return { entry, name: names[i], x, y: top + (i + 1) * legendLine };
  });
}

/** The name of a legend's entry as it fits in the frame. */
export function legendName(f: Frame, name: string): string {
  return f.legend.find(({ entry }) => entry.name === name)?.name ?? name;
}

/** The still form: a whole SVG document with `body` (the plot) in it. */
export function frameSvg(f: Frame, body: string): string {
  const title = f.titleLines.map((line, i) =>
    svgText(padding, padding + 14 + i * titleLine, line, { size: textSize.title, weight: 'bold' }),
  );
  const legend = f.legend.map(
    ({ entry, name, x, y }) => legendMarkSvg(entry, x - legendMark, y - 4) + svgText(x, y, name),
  );
  const captionTop = f.height - padding - (f.captionLines.length - 1) * captionLine;
  const caption = f.captionLines.map((line, i) =>
    svgText(padding, captionTop + i * captionLine, line, {
      size: textSize.small,
      color: ink.muted,
    }),
  );
  return svgDocument(f.width, f.height, [...title, ...legend, body, ...caption].join(''));
}

function legendMarkSvg({ mark, color }: LegendEntry, x: number, y: number): string {
  if (mark === 'dot') {
    return `<circle cx="${decimal(x + 9)}" cy="${decimal(y)}" r="4.5" fill="${color}"/>`;
  }
  const dash = mark === 'dashed' ? ' stroke-dasharray="4 3"' : '';
  return (
    `<path d="M${decimal(x)} ${decimal(y)}h15" fill="none" stroke="${color}" ` +
    `stroke-width="2"${dash}/>`
  );
}
