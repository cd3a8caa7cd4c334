import type { RunProjection } from '../experiment/projection';
import type { Figure } from './figure';
import { formatNumber } from './format';
import { scatter } from './scatter';

/** A run's embeddings in the plane, with how far to trust the picture under it. */
export function projectionScatter(
  title: string,
  { points, labels, trustworthiness, accuracy }: RunProjection,
  classNames: string[],
): Figure {
  return scatter({
    title,
    points,
    labels,
    classNames,
    caption:
      `Trustworthiness@12 ${formatNumber(trustworthiness, 3)}; 10-NN accuracy in the picture ` +
      `${formatNumber(accuracy, 3)}. Distances between far clusters mean little.`,
  });
}
