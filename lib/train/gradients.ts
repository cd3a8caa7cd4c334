import * as tf from '@tensorflow/tfjs';

/**
 * Evaluates `objective` and the gradients of its `loss` by the given parameters.
 *
 * @param objective returns the scalar `loss` and any other tensors worth reporting
 * @param parameters trainable variables by name
 * @returns everything that `objective` returned, and the gradients by the parameters' names
 */
export function lossAndGradients<Outputs extends { loss: tf.Scalar }>(
  objective: () => Outputs,
  parameters: Record<string, tf.Variable>,
): { outputs: Outputs; gradients: Record<string, tf.Tensor> } {
  let outputs: Outputs | undefined;
  const { value, grads } = tf.variableGrads(() => {
    outputs = objective();
    // variableGrads disposes of everything made inside it but the loss.
    for (const tensor of Object.values(outputs)) tf.keep(tensor);
    return outputs.loss;
  }, Object.values(parameters));
  const gradients: Record<string, tf.Tensor> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    gradients[name] = grads[parameter.name];
  }
  return { outputs: { ...(outputs as Outputs), loss: value }, gradients };
}
