/** Mean and sample standard deviation of `count` numbers; NaN where there are too few. */
export interface Spread {
  mean: number;
  deviation: number;
  count: number;
}

/** What repeated measurements came to; those that are NaN do not count. */
export function spreadOf(measured: readonly number[]): Spread {
  const values = measured.filter((value) => !Number.isNaN(value));
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN, count };
}

/** Which mean is the best of those that are compared. */
export type Best = 'highest' | 'lowest' | 'none';

/** The best mean; undefined where there is nothing to compare. */
export function bestOf(spreads: readonly Spread[], which: Best): number | undefined {
  const means = spreads.map(({ mean }) => mean).filter((mean) => !Number.isNaN(mean));
  if (which === 'none' || means.length < 2) return undefined;
  return which === 'highest' ? Math.max(...means) : Math.min(...means);
}

/**
 * The texts of spreads that are compared, 'mean ± deviation', all with the same number of decimals:
 * as many as leave the largest mean `digits` significant ones, and no more than `digits`. The
 * deviation is left out where there is none; null: there is no mean.
 */
export function spreadTexts(spreads: readonly Spread[], digits: number): (string | null)[] {
  const sizes = spreads.map(({ mean }) => Math.abs(mean)).filter((size) => size > 0);
  const place = sizes.length > 0 ? Math.floor(Math.log10(Math.max(...sizes))) : 0;
  const decimals = Math.min(digits, Math.max(0, digits - 1 - place));
  return spreads.map(({ mean, deviation }) => {
    if (Number.isNaN(mean)) return null;
    const text = withDecimals(mean, decimals);
    return Number.isNaN(deviation) ? text : `${text} ± ${withDecimals(deviation, decimals)}`;
  });
}

/**
 * 'Mean ± standard deviation of 3 repetitions.', or nothing where nothing was repeated.
 *
 * @param repetitions what was repeated: 'seeds'
 */
export function spreadExplanation(spreads: readonly Spread[], repetitions: string): string {
  const counts = spreads.map(({ count }) => count).filter((count) => count > 1);
  if (counts.length === 0) return '';
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const number = least === most ? most : `${least} to ${most}`;
  return `Mean ± standard deviation of ${number} ${repetitions}.`;
}

function withDecimals(value: number, decimals: number): string {
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return value < 0 ? `−${text}` : text;
}
