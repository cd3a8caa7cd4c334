import { describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { projectionScatter } from './projection-scatter';

describe('projectionScatter', () => {
  it('shows under the picture how far to trust it', () => {
    const projection = {
      points: matrix(Float32Array.of(0, 0, 1, 1), [2, 2]),
      labels: Uint8Array.of(0, 1),
      trustworthiness: 0.98765,
      continuity: 0.876,
      accuracy: 0.9,
      silhouette: 0.5432,
    };
    const figure = projectionScatter('A picture', projection, ['zero', 'one']);
    expect(JSON.stringify(figure.interactive)).toContain(
      'trustworthiness@12 0.988, continuity@12 0.876, 10-NN accuracy 0.900, silhouette 0.543',
    );
    expect(figure.alt).toContain('A picture');
  });
});
