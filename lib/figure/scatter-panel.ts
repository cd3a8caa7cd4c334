import type { Matrix } from '../data/matrix';
import { placeLabels, type ClassLabel } from './class-labels';
import { classColor } from './palette';
import { textSize } from './text';

/** Points with their classes. */
export interface LabelledPoints {
  /** [n, 2]: x and y of each point. A point with a coordinate that is not finite is left out. */
  points: Matrix;
  /** [n]: the class of each point, an index into `classNames`. */
  labels: ArrayLike<number>;
  classNames: readonly string[];
  /** [n]: what a point says when the pointer is over it; default: the name of its class. */
  hover?: readonly string[];
}

/** A rectangle of the figure, in CSS pixels from its upper left corner. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A cloud of points with everything decided that both forms have in common. */
export interface ScatterPanelLayout {
  box: Box;
  points: Matrix;
  hover?: readonly string[];
  /** The classes that have points. */
  classes: ScatterClass[];
  /** The names of the classes, in a font of `labelSize` CSS pixels. */
  labels: ClassLabel[];
  labelSize: number;
  /** The range of each axis; one unit is as long on both. */
  xDomain: [number, number];
  yDomain: [number, number];
  /** Radius of a point in CSS pixels. */
  radius: number;
}

/** The points of one class. */
export interface ScatterClass {
  label: number;
  name: string;
  color: string;
  /** The indices of its points among all. */
  indices: number[];
}

/** Sorts points into classes; those that are not finite are left out, and so are empty classes. */
export function classesOf({ points, labels, classNames }: LabelledPoints): ScatterClass[] {
  const classes: ScatterClass[] = classNames.map((name, label) => {
    return { label, name, color: classColor(label), indices: [] };
  });
  for (let i = 0; i < labels.length; i++) {
    if (Number.isFinite(points.data[2 * i]) && Number.isFinite(points.data[2 * i + 1])) {
      classes[labels[i]].indices.push(i);
    }
  }
  return classes.filter(({ indices }) => indices.length > 0);
}

/** Finds the axes' ranges, the places of the names and the size of the points in `box`. */
export function layOutPanel(
  { points, hover }: LabelledPoints,
  classes: ScatterClass[],
  box: Box,
): ScatterPanelLayout {
  const domains = equalDomains(points, classes, box);
  const size = Math.min(4, Math.max(1.5, 6 - Math.log10(drawnPoints({ classes }))));
  const labelSize = box.width < 400 ? textSize.small : textSize.body;
  return {
    box,
    points,
    hover,
    classes,
    labels: placeLabels(points, classes, domains, box, labelSize),
    labelSize,
    ...domains,
    radius: size * Math.min(1, Math.sqrt(box.width / 400)),
  };
}

/** Ranges that hold all points with a margin, in the proportions of the plot. */
function equalDomains(
  { data }: Matrix,
  classes: ScatterClass[],
  plot: { width: number; height: number },
): { xDomain: [number, number]; yDomain: [number, number] } {
  const least = [Infinity, Infinity];
  const most = [-Infinity, -Infinity];
  for (const { indices } of classes) {
    for (const i of indices) {
      for (const axis of [0, 1]) {
        least[axis] = Math.min(least[axis], data[2 * i + axis]);
        most[axis] = Math.max(most[axis], data[2 * i + axis]);
      }
    }
  }
  if (classes.length === 0) return { xDomain: [0, 1], yDomain: [0, 1] };
  const spans = [most[0] - least[0], most[1] - least[1]];
  const unit = Math.max(spans[0] / plot.width, spans[1] / plot.height) * 1.06 || 1 / plot.width;
  const domain = (axis: 0 | 1, pixels: number): [number, number] => {
    const middle = (least[axis] + most[axis]) / 2;
    return [middle - (unit * pixels) / 2, middle + (unit * pixels) / 2];
  };
  return { xDomain: domain(0, plot.width), yDomain: domain(1, plot.height) };
}

/**
 * @param of what follows the names of the arrays in an error: '' or " of panel 'PCA'"
 * @throws RangeError when `points` is not n x 2, when `labels` or `hover` has not n entries, or when
 *   a label is not an index into `classNames`
 */
export function checkPoints(
  caller: string,
  { points, labels, classNames, hover }: LabelledPoints,
  of = '',
): void {
  const [n, columns] = points.shape;
  const wrong = (what: string): RangeError => new RangeError(`${caller}: ${what}`);
  if (columns !== 2) throw wrong(`points${of} must be n x 2, got ${n} x ${columns}`);
  if (labels.length !== n) throw wrong(`labels${of} must have ${n} entries, got ${labels.length}`);
  if (hover && hover.length !== n) {
    throw wrong(`hover${of} must have ${n} entries, got ${hover.length}`);
  }
  for (let i = 0; i < n; i++) {
    if (labels[i] in classNames) continue;
    const allowed = `an index into the ${classNames.length} classNames`;
    throw wrong(`labels[${i}]${of} must be ${allowed}, got ${labels[i]}`);
  }
}

/** The points drawn in a panel. */
export function drawnPoints({ classes }: Pick<ScatterPanelLayout, 'classes'>): number {
  return classes.reduce((sum, { indices }) => sum + indices.length, 0);
}

/** A sentence on the points that are not drawn, or nothing. */
export function leftOut(panels: ScatterPanelLayout[]): string {
  const left = panels.reduce((sum, panel) => sum + panel.points.shape[0] - drawnPoints(panel), 0);
  return left > 0 ? ` ${left} points without finite coordinates are not drawn.` : '';
}
