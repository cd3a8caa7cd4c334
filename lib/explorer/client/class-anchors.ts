import type { ExplorerData } from './data';

/**
 * Where the name of each class goes: at that one of its points which is nearest to the median of
 * their coordinates, so that it stands on points also where the class is curved.
 *
 * @param points [count, 2]
 * @returns x and y for each class; NaN where a class has no points
 */
export function classAnchors(
  { labels, classNames }: ExplorerData,
  points: Float32Array,
): Float32Array {
  const anchors = new Float32Array(2 * classNames.length).fill(NaN);
  const members: number[][] = classNames.map(() => []);
  labels.forEach((label, i) => members[label].push(i));
  members.forEach((own, label) => {
    if (own.length === 0) return;
    const x = median(own.map((i) => points[2 * i]));
    const y = median(own.map((i) => points[2 * i + 1]));
    const distance = (i: number): number => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y);
    let nearest = own[0];
    for (const i of own) if (distance(i) < distance(nearest)) nearest = i;
    anchors[2 * label] = points[2 * nearest];
    anchors[2 * label + 1] = points[2 * nearest + 1];
  });
  return anchors;
}

function median(values: number[]): number {
  return Float32Array.from(values).sort()[values.length >> 1];
}
