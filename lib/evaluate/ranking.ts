const bitsPerPass = 11;
const buckets = 1 << bitsPerPass;

/**
 * Creates a function that sorts `n` distances: it returns their positions, the smallest distance
 * first, ties by smaller position (int32, length n; valid until the next call).
 *
 * A radix sort: the bits of a float32 that is >= 0 order like a whole number, and three stable
 * passes of 11 bits cover them. Its time does not depend on the values.
 *
 * @param n number of distances in every call
 */
export function createRanking(n: number): (distances: Float32Array) => Int32Array {
  const first = new Int32Array(n);
  const second = new Int32Array(n);
  const counts = [0, 1, 2].map(() => new Int32Array(buckets));
  const natural = Int32Array.from({ length: n }, (_, i) => i);
  return (distances) => {
    const bits = new Uint32Array(distances.buffer, distances.byteOffset, n);
    countDigits(bits, counts);
    sortByDigit(bits, natural, first, 0, counts[0]);
    sortByDigit(bits, first, second, bitsPerPass, counts[1]);
    sortByDigit(bits, second, first, 2 * bitsPerPass, counts[2]);
    return first;
  };
}

/** For each pass, where in the output each digit's positions begin. */
function countDigits(bits: Uint32Array, [low, middle, high]: Int32Array[]): void {
  for (const counts of [low, middle, high]) counts.fill(0);
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i];
    low[value & (buckets - 1)]++;
    middle[(value >>> bitsPerPass) & (buckets - 1)]++;
    high[value >>> (2 * bitsPerPass)]++;
  }
  for (const counts of [low, middle, high]) {
    let start = 0;
    for (let digit = 0; digit < buckets; digit++) {
      const count = counts[digit];
      counts[digit] = start;
      start += count;
    }
  }
}

function sortByDigit(
  bits: Uint32Array,
  from: Int32Array,
  to: Int32Array,
  shift: number,
  starts: Int32Array,
): void {
  for (let i = 0; i < from.length; i++) {
    const position = from[i];
    to[starts[(bits[position] >>> shift) & (buckets - 1)]++] = position;
  }
}
