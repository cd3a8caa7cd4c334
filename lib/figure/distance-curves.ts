import type { DistanceDistribution } from '../evaluate/distance-distribution';
import { curves } from './curves';
import type { Figure } from './figure';
import { formatNumber } from './format';

/** How far apart items of one class and items of different classes are. */
export function distanceCurves(title: string, distribution: DistanceDistribution): Figure {
  const { distances, sameClass, differentClass, mean } = distribution;
  return curves({
    title,
    series: [
      { name: 'same class', x: distances, y: sameClass },
      { name: 'different classes', x: distances, y: differentClass },
    ],
    xLabel: 'distance between two test images',
    yLabel: 'density',
    caption:
      `Mean distance within a class ${formatNumber(mean.sameClass)}, between classes ` +
      `${formatNumber(mean.differentClass)}. Unit vectors are at most 2 apart.`,
  });
}
