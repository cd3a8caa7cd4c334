import type * as tf from '@tensorflow/tfjs';
import type { DistanceOptions } from './distances';

/** What the triplet losses share. */
export interface TripletLossOptions extends DistanceOptions {
  /** How much farther than the positive the negative must be, in units of distance. Must be > 0. */
  margin: number;
}

/** What every triplet loss computes. */
export interface TripletLoss {
  /** The loss to minimise: float32 scalar. */
  loss: tf.Scalar;
  /** The share of what the loss looks at that still contributes: float32 scalar in [0, 1]. */
  fractionPositive: tf.Scalar;
}

/** Checks a margin and names the function in the error. */
export function checkMargin(name: string, margin: number, alternative = ''): void {
  if (!(typeof margin === 'number' && margin > 0 && Number.isFinite(margin))) {
    throw new RangeError(`${name}: margin must be > 0${alternative}, got ${String(margin)}`);
  }
}
