import * as tf from '@tensorflow/tfjs';
import {
  checkInputs,
  type ArrayValue,
  type CompiledStep,
  type Step,
  type StepSignature,
} from './step';

/**
 * Runs a step as ordinary tfjs does, operation by operation, on a registered backend: the same call
 * as for a compiled step, for comparison and for kernels that the compiler does not know.
 */
export class EagerStep implements CompiledStep {
  constructor(
    private readonly step: Step,
    private readonly signature: StepSignature,
    private readonly backend: string,
  ) {}

  async run(
    inputs: Record<string, Float32Array | Int32Array>,
  ): Promise<Record<string, ArrayValue>> {
    checkInputs(this.signature, inputs);
    const previous = tf.getBackend();
    await tf.setBackend(this.backend);
    try {
      const outputs = tf.tidy(() => {
        const tensors: Record<string, tf.Tensor> = {};
        for (const [name, { shape, dtype }] of Object.entries(this.signature.inputs)) {
          tensors[name] = tf.tensor(inputs[name], shape, dtype);
        }
        // Clones, for what the step returns may be a variable or somebody else's tensor.
        const returned = Object.entries(this.step(tensors));
        return Object.fromEntries(returned.map(([name, tensor]) => [name, tensor.clone()]));
      });
      const arrays: Record<string, ArrayValue> = {};
      for (const [name, tensor] of Object.entries(outputs)) {
        arrays[name] = { data: valuesOf(tensor), shape: [...tensor.shape] };
      }
      tf.dispose(outputs);
      return arrays;
    } finally {
      await tf.setBackend(previous);
    }
  }

  /** The variables themselves are the state: there is nothing to copy. */
  readVariables(): void {}

  async dispose(): Promise<void> {}
}

/** A tensor's values in an array of its type; tfjs's cpu backend casts without converting. */
function valuesOf(tensor: tf.Tensor): ArrayValue['data'] {
  const values = tensor.dataSync();
  if (tensor.dtype === 'int32') return Int32Array.from(values);
  return tensor.dtype === 'bool' ? Uint8Array.from(values) : Float32Array.from(values);
}
