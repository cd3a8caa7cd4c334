import type { ProjectionQuality } from '../experiment/projection';
import { formatNumber } from './format';

/** The measures of a picture of embeddings, in a line that breaks only between them. */
export function projectionQuality(quality: ProjectionQuality): string {
  const measures: [string, number][] = [
    ['Trustworthiness@12', quality.trustworthiness],
    ['continuity@12', quality.continuity],
    ['10-NN accuracy in the picture', quality.accuracy],
    ['silhouette', quality.silhouette],
  ];
  return measures
    .map(([name, value]) => `${name} ${formatNumber(value, 3)}`.replaceAll(' ', '\u00a0'))
    .join('; ');
}
