import type { Matrix } from '../data/matrix';
import { nearestNeighbours } from '../evaluate/neighbours';
import { affinities } from '../projection/affinities';
import { stretch } from '../projection/attraction';
import { projectedAccuracy, trustworthiness } from '../projection/quality';

/** What a picture of points is worth. */
export interface Worth {
  /** The Kullback-Leibler divergence that t-SNE minimises; null for other methods. */
  divergence: number | null;
  /** Of 12 neighbours. */
  trustworthiness: number;
  /** Of 10 neighbours in the picture, leave-one-out. */
  accuracy: number;
}

/**
 * A function that tells what pictures of `points` are worth, in O(n^2) time: the divergence with its
 * exact normalisation, for perplexity 30, whatever its maker thought.
 */
export async function judge(
  points: Matrix,
  labels: Uint8Array,
  withDivergence: boolean,
): Promise<(picture: Matrix) => Promise<Worth>> {
  const divergence = withDivergence ? await divergenceFrom(points) : () => null;
  return async (picture) => ({
    divergence: divergence(Float64Array.from(picture.data)),
    trustworthiness: await trustworthiness(points, picture, 12),
    accuracy: await projectedAccuracy(picture, labels, 10),
  });
}

async function divergenceFrom(points: Matrix): Promise<(positions: Float64Array) => number> {
  const n = points.shape[0];
  const neighbours = await nearestNeighbours(points, points, 91, { excludeSelf: true });
  const p = await affinities(neighbours, 30);
  return (positions) => {
    let total = 0;
    for (let i = 0; i < 2 * n; i += 2) {
      for (let j = 0; j < i; j += 2) {
        const dx = positions[i] - positions[j];
        const dy = positions[i + 1] - positions[j + 1];
        total += 2 / (1 + dx * dx + dy * dy);
      }
    }
    return p.negativeEntropy + stretch(p, positions, 0, n) + Math.log(total);
  };
}
