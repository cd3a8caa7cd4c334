/** Draws a number uniformly from [0, 1). Every random choice of the library comes from one of these. */
export type Random = () => number;

/**
 * A seeded generator of uniform numbers: mulberry32 (Tommy Ettinger, public domain), whose 32-bit
 * state starts from all the given seeds mixed together, so that `seededRandom(seed, epoch)` gives
 * every epoch a stream of its own.
 *
 * @param seeds whole numbers; the order matters
 * @throws RangeError when a seed is not a safe integer
 */
export function seededRandom(...seeds: number[]): Random {
  let state = 0x9e3779b9;
  for (const seed of seeds) {
    if (!Number.isSafeInteger(seed)) {
      throw new RangeError(`seededRandom: seed must be a whole number, got ${seed}`);
    }
    state = scramble(
      state ^ scramble(seed | 0) ^ scramble(Math.floor(seed / 2 ** 32) + 0x85ebca6b),
    );
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function scramble(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** A whole number drawn uniformly from [0, limit). */
export function randomInteger(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** A draw from the standard normal distribution (Box and Muller 1958). */
export function randomNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Shuffles `items` in place, every order equally likely (Fisher and Yates), and returns it. */
export function shuffle<T extends Int32Array | unknown[]>(items: T, random: Random): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = randomInteger(random, i + 1);
    const swapped = items[i];
    items[i] = items[j];
    items[j] = swapped;
  }
  return items;
}

/** The numbers 0 to n - 1 in a random order (int32). */
export function permutation(n: number, random: Random): Int32Array {
  return shuffle(
    Int32Array.from({ length: n }, (_, i) => i),
    random,
  );
}
