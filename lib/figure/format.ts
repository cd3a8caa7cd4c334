/** `value` rounded to `digits` significant digits; whole numbers and non-finite ones are kept. */
export function roundSignificant(value: number, digits: number): number {
  return Number.isInteger(value) || !Number.isFinite(value)
    ? value
    : Number(value.toPrecision(digits));
}

/**
 * `value` for people to read: `digits` significant digits (trailing zeros kept), whole numbers in
 * full with thousands separated, a true minus sign, and an en dash for what is missing (null,
 * undefined, NaN).
 */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    Number.isInteger(value) && size < 1e15
      ? size.toLocaleString('en-US')
      : size >= 1e6 || size < 1e-4
        ? size
            .toExponential(digits - 1)
            .replace('e+', 'e')
            .replace('-', '−')
        : fixed(size, digits);
  return value < 0 ? `−${text}` : text;
}

/** Fixed notation: a number with more digits before the point than asked for shows them all. */
function fixed(size: number, digits: number): string {
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const format = formats.get(decimals) ?? withDecimals(decimals);
  formats.set(decimals, format);
  return format.format(size);
}

/** By the number of decimals: one takes a hundred times as long to make as to use. */
const formats = new Map<number, Intl.NumberFormat>();

function withDecimals(decimals: number): Intl.NumberFormat {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat('en-US', digits);
}
