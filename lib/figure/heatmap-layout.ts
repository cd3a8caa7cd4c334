import type { Matrix } from '../data/matrix';
import { formatNumber } from './format';
import { frame, padding, type Frame } from './frame';
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
  /** What is written in a cell, line by line; default: its value. */
  cellText?: (value: number, row: number, column: number) => string[];
  /** The values shown white and darkest; default: 0 (or the least, if below) and the greatest. */
  domain?: [number, number];
  /** Small print under the matrix; default none. */
  caption?: string;
  /** In CSS pixels; default 640. The height follows from the number of rows. */
  width?: number;
}

/** A heatmap with everything decided that both forms have in common. */
export interface HeatmapLayout {
  options: HeatmapOptions;
  frame: Frame;
  domain: [number, number];
  rowNames: string[];
  columnNames: string[];
  /** The lines in every cell, row-major. */
  texts: string[][];
  /** Size of a cell in CSS pixels. */
  cell: { width: number; height: number };
  left: number;
  top: number;
  /** Whether the columns' names are too long to stand level. */
  slanted: boolean;
  bottom: number;
}

/** Finds the sizes of the cells, the range of the colours and the room for the names. */
export function layOutHeatmap(options: HeatmapOptions): HeatmapLayout {
  const { title, caption, values, digits = 3, width = 640 } = options;
  const [rows, columns] = values.shape;
  if (
    rows * columns === 0 ||
    rows !== options.rowNames.length ||
    columns !== options.columnNames.length
  ) {
    throw new RangeError(
      `heatmap: values must be ${options.rowNames.length} x ${options.columnNames.length} ` +
        `(rowNames x columnNames, not empty), got ${rows} x ${columns}`,
    );
  }
  const domain = options.domain ?? domainOf(values.data);
  if (!(domain[0] < domain[1])) {
    throw new RangeError(`heatmap: domain must go from low to high, got [${domain.join(', ')}]`);
  }
  const fit = (name: string): string => shorten(name, textSize.small, width / 4);
  const rowNames = options.rowNames.map(fit);
  const columnNames = options.columnNames.map(fit);
  const widest = (names: string[]): number =>
    Math.max(...names.map((name) => textWidth(name, textSize.small)));
  const left = padding + widest(rowNames) * 1.1 + 8;
  const cellWidth = Math.min(80, (width - padding - left) / columns);
  const { cellText = (value: number): string[] => [formatNumber(value, digits)] } = options;
  const texts = Array.from(values.data, (value, k) =>
    cellText(value, Math.floor(k / columns), k % columns),
  );
  const lines = Math.max(...texts.map(({ length }) => length));
  const cellHeight = Math.max(8 + lines * lineHeight, Math.min(40, cellWidth * 0.8));
  const slanted = widest(columnNames) * 1.1 > cellWidth - 4;
  const nameHeight = slanted ? widest(columnNames) * 0.75 + 14 : 20;
  const bottom = nameHeight + (options.columnLabel ? 20 : 4);
  const header = options.rowLabel ? 24 : 4;
  const f = frame({ title, caption, width, height: { plot: header + rows * cellHeight + bottom } });
  return {
    options,
    frame: f,
    domain,
    rowNames,
    columnNames,
    texts,
    cell: { width: cellWidth, height: cellHeight },
    left,
    top: f.plot.top + header,
    slanted,
    bottom,
  };
}

/** From one line in a cell to the next, in CSS pixels. */
export const lineHeight = 14;

/** From 0, or the least value if it is negative, to the greatest. */
function domainOf(values: Float32Array): [number, number] {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), 0);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  return [low, high > low ? high : low + 1];
}
