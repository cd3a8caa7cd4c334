import type { Random } from './random';

/**
 * A mask for dropout (Srivastava et al. 2014, in the inverted form): every element is 0 with
 * probability `rate`, else 1 / (1 - rate), so that multiplying by it keeps the expectation.
 *
 * A compiled step draws nothing itself. Draw a mask for every run and feed it as an input:
 *
 * @example
 * const step = await compile(
 *   ({ x, mask }) => ({ y: dense.apply(x.mul(mask)) as tf.Tensor }),
 *   { inputs: { x: { shape, dtype: 'float32' }, mask: { shape, dtype: 'float32' } } },
 * );
 * const random = seededRandom(seed);
 * await step.run({ x, mask: dropoutMask(shape, 0.5, random) });
 *
 * @param shape of the tensor to be thinned; [batch, 1, 1, channels] drops whole channels of images
 * @param rate probability of 0, in [0, 1)
 * @returns float32, row-major
 * @throws RangeError when a dimension is not a whole number >= 0, or `rate` is out of its range
 */
export function dropoutMask(shape: readonly number[], rate: number, random: Random): Float32Array {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`dropoutMask: rate must be in [0, 1), got ${rate}`);
  }
  if (!shape.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0)) {
    throw new RangeError(`dropoutMask: shape must be whole numbers >= 0, got [${shape}]`);
  }
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const kept = 1 / (1 - rate);
  return Float32Array.from({ length: size }, () => (random() < rate ? 0 : kept));
}
