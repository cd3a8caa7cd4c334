import type { Figure } from './figure';
import { layOutScatter, type ScatterOptions } from './scatter-layout';
import { checkPoints, leftOut } from './scatter-panel';
import { plotlyScatter } from './scatter-plotly';
import { drawScatter } from './scatter-still';

export type { ScatterOptions } from './scatter-layout';

/**
 * A scatter of labelled points, such as a projection of embeddings: equal scales on both axes and
 * no ticks (the coordinates mean nothing), each class named at its medoid. In the interactive form a
 * click on a class in the legend shows it alone, a second click all of them again, and a double click
 * hides or shows it.
 *
 * @throws RangeError when `points` is not n x 2, when `labels` or `hover` has not n entries, or when
 *   a label is not an index into `classNames`
 */
export function scatter(options: ScatterOptions): Figure {
  checkPoints('scatter', options);
  const layout = layOutScatter(options);
  const { width, height } = layout.frame;
  const { classes } = layout.panels[0];
  const counts = classes.map(({ name, indices }) => `${name} (${indices.length})`).join(', ');
  return {
    alt: `${options.title}: scatter of ${counts || 'no points'}.${leftOut(layout.panels)}`,
    width,
    height,
    interactive: { plotly: plotlyScatter(layout) },
    png: () => drawScatter(layout),
  };
}
