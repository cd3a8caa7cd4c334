/**
 * The exponential moving average that TensorBoard draws over its scalar curves:
 *
 *     a[0] = 0,  a[t] = factor * a[t - 1] + (1 - factor) * values[t],  smoothed[t] = a[t] / (1 - factor^t)
 *
 * where t counts the finite values from 1. The division removes the pull of the start towards 0.
 * Values that are not finite come out as they are and do not enter the average.
 *
 * Source: TensorBoard's line chart, `classicSmoothing` in line_chart_v2/data_transformer.ts.
 *
 * @param values any length, in the order of the steps
 * @param factor 0 (no smoothing) up to, not including, 1
 * @returns float64, as long as `values`
 * @throws RangeError when `factor` is outside [0, 1)
 */
export function smooth(values: ArrayLike<number>, factor: number): Float64Array {
  if (!(factor >= 0 && factor < 1)) {
    throw new RangeError(`smooth: factor must be at least 0 and below 1, got ${factor}`);
  }
  let average = 0;
  let weight = 1;
  return Float64Array.from(values, (value) => {
    if (!Number.isFinite(value)) return value;
    average = factor * average + (1 - factor) * value;
    weight *= factor;
    return average / (1 - weight);
  });
}
