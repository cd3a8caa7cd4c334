import * as tf from '@tensorflow/tfjs';
import { chooseEngine, type EngineOptions } from './device';
import { EagerStep } from './eager-step';
import { compileToOnnx } from './onnx-step';
import type { CompiledStep, Step, StepSignature } from './step';

/**
 * Prepares a step of ordinary tfjs code to be run many times. On the compiled engines the step runs
 * once, here, on symbolic tensors; what it did, gradients and variable assignments included, becomes
 * one ONNX graph, and `run` executes that graph. On the eager engines `run` calls the step itself.
 *
 * @example
 * const w = tf.variable(tf.scalar(0));
 * const step = await compile(
 *   ({ x }) => { w.assign(w.add(x.sum())); return { total: w }; },
 *   { inputs: { x: { shape: [3], dtype: 'float32' } }, variables: { w } },
 * );
 * const { total } = await step.run({ x: Float32Array.of(1, 2, 3) });  // total.data[0] === 6
 *
 * @throws Error when the engine cannot run here, or the step cannot be compiled: it reads a value,
 *   draws a random number, assigns a variable that is not listed, is asynchronous, or uses a kernel
 *   that the compiler does not know
 */
export async function compile(
  step: Step,
  signature: StepSignature,
  { engine: requested, threads }: EngineOptions = {},
): Promise<CompiledStep> {
  await tf.ready();
  const { engine } = await chooseEngine(requested, threads);
  switch (engine) {
    case 'compiled':
      return compileToOnnx(step, signature, { threads });
    case 'compiled-webgpu':
      return compileToOnnx(step, signature, { threads, provider: 'webgpu' });
    case 'compiled-cuda':
      return compileToOnnx(step, signature, { threads, provider: 'cuda' });
    default:
      return new EagerStep(step, signature, engine);
  }
}
