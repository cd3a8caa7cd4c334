import { formatNumber } from '../figure/format';

/** A note that says whether a measured value is on the right side of what is asked of it. */
export function bar(
  what: string,
  value: number,
  asked: { above: number } | { below: number },
): string {
  const [met, side, bound] =
    'above' in asked
      ? [value > asked.above, 'above', asked.above]
      : [value < asked.below, 'below', asked.below];
  const verdict = met ? 'met' : 'NOT MET';
  return `${what}: ${formatNumber(value, 3)}, asked for ${side} ${formatNumber(bound)}: ${verdict}.`;
}
