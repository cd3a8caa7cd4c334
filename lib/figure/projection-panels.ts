import type { RunProjection } from '../experiment/projection';
import type { Figure } from './figure';
import { projectionQuality } from './projection-quality';
import { scatterPanels } from './scatter-panels';

/**
 * Pictures of embeddings side by side, each with how far to trust it: several projections of one run,
 * or the same projection of several.
 *
 * @param projections by what stands above each
 * @throws RangeError when there is none
 */
export function projectionPanels(
  title: string,
  projections: Record<string, RunProjection>,
  classNames: readonly string[],
): Figure {
  return scatterPanels({
    title,
    panels: Object.entries(projections).map(([name, projection]) => ({
      title: name,
      points: projection.points,
      labels: projection.labels,
      caption: projectionQuality(projection),
    })),
    classNames,
    caption: 'Distances between far clusters mean little.',
  });
}
