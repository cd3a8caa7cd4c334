import type { Matrix } from '../data/matrix';
import { alignEpochs, procrustes, type Epoch } from '../projection/procrustes';
import { base64 } from './base64';
import type { Placement } from './payload';

/** The side of the square in which points are placed: the greatest uint16. */
const SIDE = 65_535;

/**
 * Projections for the explorer: each is turned (or mirrored) towards the first, so that changing
 * from one to another moves points little, and fits the square by itself.
 *
 * @param projections n x 2 each, by name
 */
export function placeProjections(projections: Record<string, Matrix>): Placement[] {
  const [first] = Object.values(projections);
  return Object.entries(projections).map(([name, points]) => ({
    name,
    points: encode([turned(points, first)])[0],
  }));
}

/**
 * Epochs for the explorer: the last turned towards `projection`, the others aligned to it one after
 * the other, all on one scale.
 */
export function placeEpochs(epochs: readonly Epoch[], projection: Matrix): Placement[] {
  const last = epochs.length - 1;
  const aligned = alignEpochs(
    epochs.map((epoch, i) =>
      i === last ? { ...epoch, points: turned(epoch.points, projection) } : epoch,
    ),
  );
  const encoded = encode(aligned.map(({ points }) => points));
  return aligned.map(({ label }, i) => ({ name: label, points: encoded[i] }));
}

function turned(points: Matrix, target: Matrix): Matrix {
  return points === target ? points : procrustes(points, target);
}

/** The positions in one square that holds all of them, with one scale for both axes. */
function encode(all: Matrix[]): string[] {
  const least = [Infinity, Infinity];
  const most = [-Infinity, -Infinity];
  for (const { data } of all) {
    for (let i = 0; i < data.length; i++) {
      least[i % 2] = Math.min(least[i % 2], data[i]);
      most[i % 2] = Math.max(most[i % 2], data[i]);
    }
  }
  const span = Math.max(most[0] - least[0], most[1] - least[1]);
  const scale = span > 0 ? SIDE / span : 0;
  const middle = [(least[0] + most[0]) / 2, (least[1] + most[1]) / 2];
  return all.map(({ data }) =>
    base64(
      Uint16Array.from(data, (value, i) => {
        const fromMiddle = (value - middle[i % 2]) * scale;
        // On a screen y runs down.
        return Math.round(SIDE / 2 + (i % 2 === 0 ? fromMiddle : -fromMiddle));
      }),
    ),
  );
}
