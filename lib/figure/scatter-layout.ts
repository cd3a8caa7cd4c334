import type { Matrix } from '../data/matrix';
import { placeLabels, type ClassLabel } from './class-labels';
import { frame, type Frame } from './frame';
import { classColor } from './palette';

/** Points in the plane, coloured by class. */
export interface ScatterOptions {
  title: string;
  /** [n, 2]: x and y of each point. A point with a coordinate that is not finite is left out. */
  points: Matrix;
  /** [n]: the class of each point, an index into `classNames`. */
  labels: ArrayLike<number>;
  classNames: readonly string[];
  /** [n]: what a point says when the pointer is over it; default: the name of its class. */
  hover?: readonly string[];
  /** Small print under the picture, such as measures of its quality; default none. */
  caption?: string;
  /** In CSS pixels; default 720. */
  width?: number;
  /** In CSS pixels; default 620. */
  height?: number;
}

/** A scatter with everything decided that both forms have in common. */
export interface ScatterLayout {
  frame: Frame;
  points: Matrix;
  hover?: readonly string[];
  classes: ScatterClass[];
  labels: ClassLabel[];
  /** The range of each axis; one unit is as long on both. */
  xDomain: [number, number];
  yDomain: [number, number];
  /** Radius of a point in CSS pixels. */
  radius: number;
}

/** The points of one class. */
export interface ScatterClass {
  name: string;
  color: string;
  /** The indices of its points among all. */
  indices: number[];
}

/** Sorts the points into classes, and finds the axes' ranges and the places of the names. */
export function layOutScatter(options: ScatterOptions): ScatterLayout {
  const { title, points, labels, classNames, hover, caption, width = 720, height = 620 } = options;
  const classes: ScatterClass[] = classNames.map((name, label) => {
    return { name, color: classColor(label), indices: [] };
  });
  for (let i = 0; i < labels.length; i++) {
    if (Number.isFinite(points.data[2 * i]) && Number.isFinite(points.data[2 * i + 1])) {
      classes[labels[i]].indices.push(i);
    }
  }
  const present = classes.filter(({ indices }) => indices.length > 0);
  const legend = present.map(({ name, color }) => ({ name, color, mark: 'dot' as const }));
  const f = frame({ title, caption, width, height, legend, legendAt: 'right' });
  const domains = equalDomains(points, present, f.plot);
  const drawn = present.reduce((sum, { indices }) => sum + indices.length, 0);
  return {
    frame: f,
    points,
    hover,
    classes: present,
    labels: placeLabels(points, present, domains, f.plot),
    ...domains,
    radius: Math.min(4, Math.max(1.5, 6 - Math.log10(drawn))),
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
