import type { Figure } from './figure';
import { layOutHeatmap, type HeatmapOptions } from './heatmap-layout';
import { plotlyHeatmap } from './heatmap-plotly';
import { drawHeatmap } from './heatmap-still';

export type { HeatmapOptions } from './heatmap-layout';

/**
 * A matrix as coloured cells with their values, such as a confusion matrix or the mean distances
 * between classes; the first row is at the top.
 *
 * @throws RangeError when `values` is not rowNames x columnNames or is empty, or the domain has no
 *   extent
 */
export function heatmap(options: HeatmapOptions): Figure {
  const layout = layOutHeatmap(options);
  const { title, rowNames, columnNames } = options;
  return {
    alt: `${title}: matrix of ${rowNames.join(', ')} (rows) by ${columnNames.join(', ')} (columns).`,
    width: layout.frame.width,
    height: layout.frame.height,
    interactive: { plotly: plotlyHeatmap(layout) },
    png: () => drawHeatmap(layout),
  };
}
