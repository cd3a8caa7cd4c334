import type { Matrix } from '../data/matrix';
import { requireFinite } from '../data/require-finite';
import { requirePositive } from '../data/require-positive';
import type { ExplorerOptions } from './explorer-options';

/** Indices travel as uint16. */
const MOST_POINTS = 2 ** 16;

/**
 * Checks what an explorer is to show.
 *
 * @returns the number of points
 * @throws RangeError that names what is wrong
 */
export function checkExplorer(options: ExplorerOptions): number {
  const { images, height, width, embeddings, projections, epochs = [], neighbours } = options;
  requirePositive('explorer', { height, width });
  const n = embeddings.shape[0];
  if (!(n >= 2 && n <= MOST_POINTS)) {
    throw new RangeError(
      `explorer: embeddings must have 2 to ${MOST_POINTS} rows, one a point, got ${n}`,
    );
  }
  requireFinite('explorer', 'embeddings', embeddings);
  if (images.length !== n * height * width) {
    throw new RangeError(
      `explorer: images must hold ${n} x ${height} x ${width} = ${n * height * width} values, ` +
        `got ${images.length}`,
    );
  }
  requireClasses('labels', options.labels, n, options.classNames);
  if (options.predictions) {
    requireClasses('predictions', options.predictions, n, options.classNames);
  }
  if (
    neighbours !== undefined &&
    !(Number.isInteger(neighbours) && neighbours >= 1 && neighbours < n)
  ) {
    throw new RangeError(
      `explorer: neighbours must be a whole number from 1 to ${n - 1}, got ${neighbours}`,
    );
  }
  if (Object.keys(projections).length === 0) {
    throw new RangeError('explorer: projections must not be empty');
  }
  for (const [name, points] of Object.entries(projections)) {
    requirePlane(`projections['${name}']`, points, n);
  }
  epochs.forEach(({ points }, i) => requirePlane(`epochs[${i}].points`, points, n));
  return n;
}

function requireClasses(
  name: string,
  values: ArrayLike<number>,
  n: number,
  classNames: readonly string[],
): void {
  if (values.length !== n) {
    throw new RangeError(`explorer: ${name} must have ${n} entries, got ${values.length}`);
  }
  for (let i = 0; i < n; i++) {
    if (!(Number.isInteger(values[i]) && values[i] >= 0 && values[i] < classNames.length)) {
      throw new RangeError(
        `explorer: ${name}[${i}] must be an index into the ${classNames.length} classNames, ` +
          `got ${values[i]}`,
      );
    }
  }
}

function requirePlane(name: string, points: Matrix, n: number): void {
  const [rows, columns] = points.shape;
  if (rows !== n || columns !== 2) {
    throw new RangeError(`explorer: ${name} must be ${n} x 2, got ${rows} x ${columns}`);
  }
  requireFinite('explorer', name, points);
}
