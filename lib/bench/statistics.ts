/**
 * The q-quantile: values[q (n - 1)] of the sorted values, interpolated linearly between neighbours.
 *
 * @throws RangeError when there are no values or q is not in [0, 1]
 */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError('quantile: values must not be empty');
  if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile: q must be in [0, 1], got ${q}`);
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (at - Math.floor(at)) * (above - below);
}

/** @throws RangeError when there are no values */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The middle of some values, and between which bounds eight in ten of them lie. */
export interface Spread {
  median: number;
  /** The 10 % quantile. */
  low: number;
  /** The 90 % quantile. */
  high: number;
}

/** @throws RangeError when there are no values */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0.1), high: quantile(values, 0.9) };
}

/**
 * How many times as long `peer` takes as `own`: in every round both took part in, the ratio of their
 * medians; of these the median. What slows a machine down for a while slows both sides of a round.
 *
 * @param own the times of every round
 * @param peer the times of every round
 * @throws RangeError when there is no common round
 */
export function pairedRatio(
  own: readonly (readonly number[])[],
  peer: readonly (readonly number[])[],
): number {
  const rounds = Math.min(own.length, peer.length);
  return median(
    Array.from({ length: rounds }, (_, round) => median(peer[round]) / median(own[round])),
  );
}

/**
 * The slope of the straight line fitted to values at 0, 1, 2, … by least squares.
 *
 * @throws RangeError when there are fewer than two values
 */
export function slope(values: readonly number[]): number {
  if (values.length < 2) {
    throw new RangeError(`slope: values must be two or more, got ${values.length}`);
  }
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [covariance, variance] = [0, 0];
  values.forEach((value, i) => {
    covariance += (i - middle) * (value - mean);
    variance += (i - middle) ** 2;
  });
  return covariance / variance;
}
