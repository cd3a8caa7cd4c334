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
        return this.step(tensors);
      });
      const arrays: Record<string, ArrayValue> = {};
      for (const [name, tensor] of Object.entries(outputs)) {
        arrays[name] = { data: tensor.dataSync().slice(), shape: [...tensor.shape] };
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
