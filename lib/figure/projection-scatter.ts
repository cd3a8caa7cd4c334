import type { RunProjection } from '../experiment/projection';
import type { Figure } from './figure';
import { projectionQuality } from './projection-quality';
import { scatter } from './scatter';

/** A run's embeddings in the plane, with how far to trust the picture under it. */
export function projectionScatter(
  title: string,
  projection: RunProjection,
  classNames: string[],
): Figure {
  return scatter({
    title,
    points: projection.points,
    labels: projection.labels,
    classNames,
    caption: `${projectionQuality(projection)}. Distances between far clusters mean little.`,
  });
}
