import type { Figure } from './figure';
import { layOutScatter, type ScatterLayout, type ScatterOptions } from './scatter-layout';
import { plotlyScatter } from './scatter-plotly';
import { drawScatter } from './scatter-still';

export type { ScatterOptions } from './scatter-layout';

/**
 * A scatter of labelled points, such as a projection of embeddings: equal scales on both axes and
 * no ticks (the coordinates mean nothing), each class named at its medoid. In the interactive form a
 * click on a class in the legend hides it and a double click shows it alone.
 *
 * @throws RangeError when `points` is not n x 2, when `labels` or `hover` has not n entries, or when
 *   a label is not an index into `classNames`
 */
export function scatter(options: ScatterOptions): Figure {
  check(options);
  const layout = layOutScatter(options);
  const { width, height } = layout.frame;
  return {
    alt: describe(options.title, layout),
    width,
    height,
    interactive: { plotly: plotlyScatter(layout) },
    png: () => drawScatter(layout),
  };
}

function check({ points, labels, classNames, hover }: ScatterOptions): void {
  const [n, columns] = points.shape;
  if (columns !== 2) throw new RangeError(`scatter: points must be n x 2, got ${n} x ${columns}`);
  if (labels.length !== n) {
    throw new RangeError(`scatter: labels must have ${n} entries, got ${labels.length}`);
  }
  if (hover && hover.length !== n) {
    throw new RangeError(`scatter: hover must have ${n} entries, got ${hover.length}`);
  }
  for (let i = 0; i < n; i++) {
    if (!(labels[i] in classNames)) {
      throw new RangeError(
        `scatter: labels[${i}] must be an index into the ${classNames.length} classNames, ` +
          `got ${labels[i]}`,
      );
    }
  }
}

function describe(title: string, { classes, points }: ScatterLayout): string {
  const counts = classes.map(({ name, indices }) => `${name} (${indices.length})`).join(', ');
  const left = points.shape[0] - classes.reduce((sum, { indices }) => sum + indices.length, 0);
  const missing = left > 0 ? ` ${left} points without finite coordinates are not drawn.` : '';
  return `${title}: scatter of ${counts || 'no points'}.${missing}`;
}
