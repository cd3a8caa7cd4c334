import type { RunProjection } from '../experiment/projection';
import type { Figure } from './figure';
import { formatNumber } from './format';
import { scatter } from './scatter';

/** A run's embeddings in the plane, with how far to trust the picture under it. */
export function projectionScatter(
  title: string,
  { points, labels, trustworthiness, continuity, accuracy, silhouette }: RunProjection,
  classNames: string[],
): Figure {
  const figures = [
    `trustworthiness@12 ${formatNumber(trustworthiness, 3)}`,
    `continuity@12 ${formatNumber(continuity, 3)}`,
    `10-NN accuracy ${formatNumber(accuracy, 3)}`,
    `silhouette ${formatNumber(silhouette, 3)}`,
  ];
  return scatter({
    title,
    points,
    labels,
    classNames,
    caption: `In the picture: ${figures.join(', ')}. Distances between far clusters mean little.`,
  });
}
