import type { Matrix } from './matrix';

/**
 * Refuses values that no distance can be computed from.
 *
 * @param caller the function to name in the error
 * @param name what the matrix is called there
 * @throws RangeError when a value of `m` is NaN or infinite; the message names its place
 */
export function requireFinite(caller: string, name: string, m: Matrix): void {
  const wrong = m.data.findIndex((value) => !Number.isFinite(value));
  if (wrong === -1) return;
  const columns = m.shape[1];
  throw new RangeError(
    `${caller}: ${name} must be finite, got ${m.data[wrong]} ` +
      `at row ${Math.floor(wrong / columns)}, column ${wrong % columns}`,
  );
}
