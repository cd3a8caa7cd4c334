import type { Matrix } from '../data/matrix';
import { shorten, textSize, textWidth } from './text';

/** The name of a class and where it stands, in the coordinates of the points. */
export interface ClassLabel {
  name: string;
  x: number;
  y: number;
}

interface Box {
  name: string;
  x: number;
  y: number;
  halfWidth: number;
  halfHeight: number;
}

/**
 * Places the name of each class at its medoid, and moves names that overlap apart, so that the
 * classes of an untrained network, all in one heap, can be read too.
 *
 * @param size of the font, in CSS pixels
 */
export function placeLabels(
  points: Matrix,
  classes: { name: string; indices: number[] }[],
  { xDomain, yDomain }: { xDomain: [number, number]; yDomain: [number, number] },
  plot: { width: number; height: number },
  size: number = textSize.body,
): ClassLabel[] {
  const pixelsPerUnit = plot.width / (xDomain[1] - xDomain[0]);
  const boxes = classes.map(({ name, indices }): Box => {
    const i = medoid(points, indices);
    const shown = shorten(name, size, plot.width / 3);
    return {
      name: shown,
      x: (points.data[2 * i] - xDomain[0]) * pixelsPerUnit,
      y: (points.data[2 * i + 1] - yDomain[0]) * pixelsPerUnit,
      halfWidth: textWidth(shown, size, 'bold') / 2 + 3,
      halfHeight: size / 2 + 3,
    };
  });
  spread(boxes, plot);
  return boxes.map(({ name, x, y }) => ({
    name,
    x: xDomain[0] + x / pixelsPerUnit,
    y: yDomain[0] + y / pixelsPerUnit,
  }));
}

/**
 * The index of the point whose distances to the others have the least sum: unlike the mean it is
 * one of them, so it stands inside a curved cluster too. Of more than 500 points it compares 500,
 * evenly spaced in their order.
 */
export function medoid({ data }: Matrix, indices: number[]): number {
  const stride = Math.max(1, indices.length / 500);
  const sample = Array.from(
    { length: Math.min(indices.length, 500) },
    (_, k) => indices[Math.floor(k * stride)],
  );
  let best = sample[0];
  let least = Infinity;
  for (const i of sample) {
    let sum = 0;
    for (const j of sample) {
      const dx = data[2 * i] - data[2 * j];
      const dy = data[2 * i + 1] - data[2 * j + 1];
      sum += Math.sqrt(dx * dx + dy * dy);
    }
    if (sum < least) {
      least = sum;
      best = i;
    }
  }
  return best;
}

/** Pushes overlapping boxes apart, by halves and the shorter way, and keeps them in the plot. */
function spread(boxes: Box[], plot: { width: number; height: number }): void {
  for (let round = 0; round < 200; round++) {
    let moved = false;
    for (let i = 0; i < boxes.length; i++) {
      for (let j = 0; j < i; j++) moved = separate(boxes[j], boxes[i]) || moved;
    }
    for (const box of boxes) {
      box.x = Math.min(plot.width - box.halfWidth, Math.max(box.halfWidth, box.x));
      box.y = Math.min(plot.height - box.halfHeight, Math.max(box.halfHeight, box.y));
    }
    if (!moved) return;
  }
}

function separate(a: Box, b: Box): boolean {
  const dx = a.halfWidth + b.halfWidth - Math.abs(b.x - a.x);
  const dy = a.halfHeight + b.halfHeight - Math.abs(b.y - a.y);
  if (dx <= 0.01 || dy <= 0.01) return false;
  if (dx < dy) {
    const push = b.x >= a.x ? dx / 2 : -dx / 2;
    a.x -= push;
    b.x += push;
  } else {
    const push = b.y >= a.y ? dy / 2 : -dy / 2;
    a.y -= push;
    b.y += push;
  }
  return true;
}
