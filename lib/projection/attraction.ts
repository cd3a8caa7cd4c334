import type { Affinities } from './affinities';

/**
 * The attractive part of the gradient of t-SNE, for the points `first` to before `last`:
 *
 *     forces(i) = sum_j p(i, j) q(i, j) (y_i - y_j),   q(i, j) = 1 / (1 + |y_i - y_j|^2)
 *
 * @param positions x and y of every point, row-major [n, 2]
 * @param forces x and y of every point, row-major [n, 2]: those of the points are written
 */
export function attract(
  { starts, columns, values }: Affinities,
  positions: Float64Array,
  forces: Float64Array,
  first: number,
  last: number,
): void {
  for (let i = first; i < last; i++) {
    const x = positions[2 * i];
    const y = positions[2 * i + 1];
    const end = starts[i + 1];
    let forceX = 0;
    let forceY = 0;
    for (let e = starts[i]; e < end; e++) {
      const j = columns[e];
      const dx = x - positions[2 * j];
      const dy = y - positions[2 * j + 1];
      const force = values[e] / (1 + (dx * dx + dy * dy));
      forceX += force * dx;
      forceY += force * dy;
    }
    forces[2 * i] = forceX;
    forces[2 * i + 1] = forceY;
  }
}

/** The sum of p(i, j) log(1 / q(i, j)) over the points i from `first` to before `last`, and all j. */
export function stretch(
  { starts, columns, values }: Affinities,
  positions: Float64Array,
  first: number,
  last: number,
): number {
  let sum = 0;
  for (let i = first; i < last; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const j = columns[e];
      const dx = positions[2 * i] - positions[2 * j];
      const dy = positions[2 * i + 1] - positions[2 * j + 1];
      sum += values[e] * Math.log(1 + (dx * dx + dy * dy));
    }
  }
  return sum;
}
