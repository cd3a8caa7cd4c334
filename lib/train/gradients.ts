import * as tf from '@tensorflow/tfjs';

/**
 * Evaluates `objective` and the gradients of its `loss` by the given parameters.
 *
 * @param objective returns the scalar `loss` and any other tensors worth reporting
 * @param parameters trainable variables by name
 * @returns everything that `objective` returned, and the gradients by the parameters' names
 * @throws Error when the loss does not depend on a parameter
 */
export function lossAndGradients<
  Outputs extends { loss: tf.Scalar } & { [Name in keyof Outputs]: tf.Tensor },
>(
  objective: () => Outputs,
  parameters: Record<string, tf.Variable>,
): { outputs: Outputs; gradients: Record<string, tf.Tensor> } {
  const kept: Record<string, tf.Tensor> = {};
  const { value, grads } = tf.variableGrads(() => {
    const { loss, ...others }: Record<string, tf.Tensor> & { loss: tf.Scalar } = objective();
    // variableGrads disposes of everything made inside it but the loss.
    for (const [name, tensor] of Object.entries(others)) kept[name] = tf.keep(tensor.clone());
    return loss;
  }, Object.values(parameters));
  const outputs: Record<string, tf.Tensor> = { loss: value };
  for (const [name, tensor] of Object.entries(kept)) {
    // A clone belongs to the caller's tidy again, as any result does.
    outputs[name] = tensor.clone();
    tensor.dispose();
  }
  const gradients: Record<string, tf.Tensor> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const gradient = grads[parameter.name];
    if (!gradient) throw new Error(`lossAndGradients: the loss does not depend on '${name}'`);
    gradients[name] = gradient;
  }
  return { outputs: outputs as unknown as Outputs, gradients };
}
