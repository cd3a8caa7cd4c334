import type { Value } from '../graph';

/**
 * Some operations can take up the one that follows them for less than it costs by itself: a
 * convolution adds a bias and rectifies while its result is still at hand; the gradient of a pooling
 * is masked more cheaply before it is spread over the image. tfjs hands over one operation at a time,
 * so a value remembers here what it could be instead, and a lowering asks before it appends a node of
 * its own. The form that nobody needs any more is left out of the model.
 */
export interface Absorber {
  /** The value plus one number per channel: float32 [channels]. */
  addBias?: (bias: Value) => Value;
  /** max(value, 0). */
  rectify?: () => Value;
  /** The value where `rectified` is positive, else 0. */
  maskBy?: (rectified: Value) => Value | undefined;
  /** The sum over everything but the channels. */
  sumPerChannel?: () => Value;
}

const absorbers = new WeakMap<Value, Absorber>();
const rectified = new WeakMap<Value, Value>();
const sources = new WeakMap<Value, Value>();
const masks = new WeakMap<Value, Value>();

/** Remembers what `value` can take up, and returns it. */
export function absorbing(value: Value, absorber: Absorber): Value {
  absorbers.set(value, absorber);
  return value;
}

/** What `value` can take up. */
export function absorberOf(value: Value): Absorber {
  return absorbers.get(value) ?? {};
}

/** Remembers that `result` = max(`value`, 0), and returns `result`. */
export function rectifying(value: Value, result: Value): Value {
  rectified.set(value, result);
  sources.set(result, value);
  return result;
}

/** max(`value`, 0), if it was computed: it is positive where `value` is. */
export function rectifiedForm(value: Value): Value | undefined {
  return rectified.get(value);
}

/** The value that `value` is the rectified form of, if it is one. */
export function rectifiedFrom(value: Value): Value | undefined {
  return sources.get(value);
}

/** Remembers that `mask` is 1 where `value` is positive and 0 elsewhere, and returns `mask`. */
export function masking(value: Value, mask: Value): Value {
  masks.set(mask, value);
  return mask;
}

/** The value whose positive places `mask` marks, if it is such a mask. */
export function maskedBy(mask: Value): Value | undefined {
  return masks.get(mask);
}
