/**
 * Round numbers in [low, high] for an axis: multiples of 1, 2 or 5 times a power of ten, whichever
 * comes nearest to `count` of them.
 */
export function linearTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough / Math.SQRT2) ?? 10);
  const first = Math.ceil(low / step);
  const length = Math.floor(high / step) - first + 1;
  // Where counting by step is lost in rounding there are no round numbers to be had.
  if (!(length > 0 && length <= 10 * count)) return [];
  return Array.from({ length }, (_, k) => clean((first + k) * step));
}

/**
 * Ticks in [low, high] for a logarithmic axis, low > 0: powers of ten, thinned to about `count`;
 * with 2 and 5 times the powers where there is room, and linear ones within a small range.
 */
export function logTicks(low: number, high: number, count: number): number[] {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return linearTicks(low, high, count);
  const factors = decades * 3 <= count * 1.5 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / count));
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    if (power % stride !== 0) continue;
    for (const factor of factors) ticks.push(clean(factor * 10 ** power));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** A tick's label: thousands separated, a power of ten where the number would be long. */
export function formatTick(tick: number): string {
  const size = Math.abs(tick);
  const text =
    size !== 0 && (size < 1e-5 || size >= 1e7)
      ? size.toExponential().replace('e+', 'e').replace('-', '−')
      : size.toLocaleString('en-US', { maximumSignificantDigits: 12 });
  return tick < 0 ? `−${text}` : text;
}

/** Takes away the noise of binary fractions: 0.6000000000000001 becomes 0.6. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}
