/** Where a mean lies, as far as some measurements tell. */
export interface ConfidenceInterval {
  /** Of the measurements; NaN when there are none. */
  mean: number;
  /** The lower bound; NaN for fewer than two measurements. */
  low: number;
  /** The upper bound; NaN for fewer than two measurements. */
  high: number;
  /** How many were measured; those that are NaN do not count. */
  count: number;
}

/**
 * The confidence interval of the mean of independent, normally distributed measurements, such as one
 * figure under several seeds (Student 1908):
 *
 *     mean ± t s / sqrt(n)
 *
 * with the sample standard deviation s of n measurements and t the (1 + level) / 2 quantile of
 * Student's distribution with n - 1 degrees of freedom: 4.30 for three measurements and 95 %. Of all
 * intervals so computed a share of `level` holds the true mean. Fewer than two measurements have no
 * bounds: they are NaN.
 *
 * @param level from 0 to 1, exclusive; default 0.95
 * @throws RangeError when the level is out of range
 */
export function confidenceInterval(
  measurements: readonly number[],
  level = 0.95,
): ConfidenceInterval {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`confidenceInterval: level must be between 0 and 1, got ${level}`);
  }
  const values = measurements.filter((value) => !Number.isNaN(value));
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, low: NaN, high: NaN, count };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const reach = studentBound(count - 1, level) * Math.sqrt(squares / (count - 1) / count);
  return { mean, low: mean - reach, high: mean + reach, count };
}

/** The t for which a Student-distributed number lies in [-t, t] with the given probability. */
function studentBound(freedom: number, probability: number): number {
  let [below, above] = [0, Math.PI / 2];
  // Halved until the two are neighbours.
  for (let middle = above / 2; middle > below && middle < above; middle = (below + above) / 2) {
    if (studentShare(middle, freedom) < probability) below = middle;
    else above = middle;
  }
  return Math.sqrt(freedom) * Math.tan(below);
}

/**
 * The probability that a Student-distributed number is at most sqrt(freedom) tan(angle) away from 0:
 * Abramowitz and Stegun (1964), 26.7.3 and 26.7.4, for whole degrees of freedom.
 */
function studentShare(angle: number, freedom: number): number {
  const square = Math.cos(angle) ** 2;
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = 0;
  for (let k = isOdd ? 1 : 0; k <= freedom - 2; k += 2) {
    sum += term;
    term *= (square * (k + 1)) / (k + 2);
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
