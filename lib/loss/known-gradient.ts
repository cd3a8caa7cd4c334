import * as tf from '@tensorflow/tfjs';

/**
 * `value` as a function of `x` whose gradient is known: for what was computed with operations that
 * tfjs does not differentiate.
 *
 * @param gradient the gradient of `value` by `x`, in the shape of `x`
 */
export function withGradient(value: tf.Scalar, x: tf.Tensor, gradient: tf.Tensor): tf.Scalar {
  const known = tf.customGrad((...given) => {
    const save = given[1] as tf.GradSaveFunc;
    save([gradient]);
    return { value: value.clone(), gradFunc: (dy: tf.Tensor, [saved]) => saved.mul(dy) };
  });
  return known(x) as tf.Scalar;
}
