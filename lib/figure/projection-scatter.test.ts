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
    // The measures break only between one another.
    expect(JSON.stringify(figure.interactive).replaceAll('\u00a0', ' ')).toMatch(
      /Trustworthiness@12 0\.988; .*continuity@12 0\.876; .*10-NN accuracy in the picture 0\.900; .*silhouette 0\.543/,
    );
    expect(figure.alt).toContain('A picture');
  });
});
