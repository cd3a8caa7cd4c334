/** How a motion goes, t from 0 to 1. */
export type Easing = (t: number) => number;

export const linear: Easing = (t) => t;

/** Slow at both ends. */
export const gentle: Easing = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);

/** Whether the reader has asked the system for less motion. */
export function prefersStillness(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/**
 * Calls `step` with 0 < t <= 1 once a frame for `milliseconds`; just once, with 1, where the reader
 * prefers stillness.
 *
 * @returns ends the motion where it is
 */
export function move(milliseconds: number, easing: Easing, step: (t: number) => void): () => void {
  if (prefersStillness()) {
    step(1);
    return () => undefined;
  }
  const begin = performance.now();
  let frame = requestAnimationFrame(function next(now: number): void {
    const t = Math.min(1, Math.max(0, (now - begin) / milliseconds));
    if (t < 1) frame = requestAnimationFrame(next);
    step(easing(t));
  });
  return () => cancelAnimationFrame(frame);
}
