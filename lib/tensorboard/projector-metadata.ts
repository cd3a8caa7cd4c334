/** What the projector shows of each point besides its place. */
export interface PointClasses {
  /** [n]: the class of each point, an index into `classNames`. */
  labels: ArrayLike<number>;
  classNames: readonly string[];
  /** [n]: the class that each point was taken for, an index into `classNames`. Default: none. */
  predictions?: ArrayLike<number>;
}

/**
 * The projector's table of points: a header, then a line for each point with its class, its index and
 * the class it was taken for, between tabs. The class stands first because the first column is what
 * the projector writes beside a point. A table of one column could have no header, and a line without
 * an index could be empty, which the projector skips. Tabs and line ends in names become \t, \n, \r.
 */
export function projectorMetadata({ labels, classNames, predictions }: PointClasses): string {
  const names = classNames.map(cell);
  const header = ['class', 'index', ...(predictions ? ['prediction'] : [])];
  const lines = Array.from(labels, (label, i) => {
    const prediction = predictions ? [names[predictions[i]]] : [];
    return [names[label], i, ...prediction].join('\t');
  });
  return [header.join('\t'), ...lines, ''].join('\n');
}

function cell(name: string): string {
  return name.replace(/\t/g, '\\t').replace(/\n/g, '\\n').replace(/\r/g, '\\r');
}
