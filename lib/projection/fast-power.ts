/** Parts that the numbers from 1 to 2 are cut into: between their ends, a power is nearly straight. */
const CELL_BITS = 12;
const CELLS = 2 ** CELL_BITS;

/**
 * Prepares x^exponent for x > 0, several times as fast as Math.pow and within 2e-8 of the value: x is
 * 2^e m, and the powers of 2^e and of m come from tables.
 *
 * @param exponent from -1 to 1
 */
export function fastPower(exponent: number): (x: number) => number {
  const value = new Float64Array(1);
  const [low, high] = [0, 1];
  const words = new Uint32Array(value.buffer);
  const powersOf2 = Float64Array.from({ length: 2048 }, (_, e) => 2 ** ((e - 1023) * exponent));
  const powers = Float64Array.from({ length: CELLS + 1 }, (_, c) => (1 + c / CELLS) ** exponent);
  return (x) => {
    value[0] = x;
    const word = words[high];
    const cell = (word >>> (20 - CELL_BITS)) & (CELLS - 1);
    const within = (word & 255) * 2 ** -8 + words[low] * 2 ** -40;
    const mantissa = powers[cell] + within * (powers[cell + 1] - powers[cell]);
    return powersOf2[word >>> 20] * mantissa;
  };
}
