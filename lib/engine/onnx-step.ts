import type * as tf from '@tensorflow/tfjs';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { convolutionBlockSize } from './block-size';
import { Graph } from './graph';
import { encodeModel } from './onnx-model';
import { onnxruntime } from './onnxruntime';
import type { Provider } from './provider';
import {
  checkInputs,
  type ArrayValue,
  type CompiledStep,
  type Step,
  type StepSignature,
} from './step';
import { assign, trace, variableInput } from './trace';

type Values = Float32Array | Int32Array | Uint8Array;

/** Where onnxruntime runs a step. */
export interface OnnxOptions {
  /** An execution provider of onnxruntime. Default 'cpu'. */
  provider?: Provider;
  /** Threads inside one operation. Default 1: several processes use cores better than threads do. */
  threads?: number;
  /** Only operators that every ONNX runtime has: slower, for comparison. Default false. */
  portable?: boolean;
  /** Prefix of a profile that onnxruntime writes. Default: none is written. */
  profile?: string;
}

/** Traces `step` into one ONNX graph and prepares onnxruntime to run it. */
export async function compileToOnnx(
  step: Step,
  signature: StepSignature,
  { provider = 'cpu', threads = 1, portable = provider !== 'cpu', profile }: OnnxOptions = {},
): Promise<OnnxStep> {
  // A trace is synchronous: what it depends on is found out before.
  const blockSize = portable ? undefined : await convolutionBlockSize();
  const { graph, outputs, assigned } = trace(step, signature, new Graph({ blockSize }));
  const wanted: typeof outputs = {};
  for (const [name, value] of Object.entries(outputs)) wanted[stepOutput(name)] = value;
  for (const [name, value] of Object.entries(assigned)) wanted[variableOutput(name)] = value;
  const model = encodeModel(graph, wanted);
  const session = await onnxruntime().InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // onnxruntime's own optimiser moves transposes to where they cost the most.
    graphOptimizationLevel: 'disabled',
    // One block for all intermediate values would be as fast, and half as large again.
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(profile ? { enableProfiling: true, profileFilePrefix: profile } : {}),
  });
  return new OnnxStep(session, signature, Object.keys(outputs), Object.keys(assigned));
}

/** A step as an onnxruntime session, with the variables' values between the runs. */
export class OnnxStep implements CompiledStep {
  private readonly state: Record<string, Tensor> = {};
  /** Settles when the runs that were asked for so far are over: each needs the state of the last. */
  private settled: Promise<unknown> = Promise.resolve();
  private disposed = false;

  constructor(
    private readonly session: InferenceSession,
    private readonly signature: StepSignature,
    private readonly outputs: readonly string[],
    private readonly assigned: readonly string[],
  ) {
    const { Tensor } = onnxruntime();
    for (const [name, variable] of Object.entries(signature.variables ?? {})) {
      this.state[name] = new Tensor(variable.dtype as 'float32', valuesOf(variable), [
        ...variable.shape,
      ]);
    }
  }

  async run(
    inputs: Record<string, Float32Array | Int32Array>,
  ): Promise<Record<string, ArrayValue>> {
    checkInputs(this.signature, inputs);
    const result = this.settled.then(() => this.runNow(inputs));
    this.settled = result.catch(() => undefined);
    return result;
  }

  private async runNow(
    inputs: Record<string, Float32Array | Int32Array>,
  ): Promise<Record<string, ArrayValue>> {
    if (this.disposed) throw new Error('run: the step was disposed of; compile it again');
    const { Tensor } = onnxruntime();
    const feeds: Record<string, Tensor> = {};
    for (const [name, { shape, dtype }] of Object.entries(this.signature.inputs)) {
      feeds[name] = new Tensor(dtype as 'float32', inputs[name] as Float32Array, shape);
    }
    for (const [name, tensor] of Object.entries(this.state)) feeds[variableInput(name)] = tensor;
    const results = await this.session.run(feeds);
    for (const name of this.assigned) this.state[name] = results[variableOutput(name)];
    const arrays: Record<string, ArrayValue> = {};
    for (const name of this.outputs) {
      const { data, dims } = results[stepOutput(name)];
      arrays[name] = { data: data as Values, shape: [...dims] };
    }
    return arrays;
  }

  readVariables(): void {
    for (const [name, variable] of Object.entries(this.signature.variables ?? {})) {
      assign(variable, this.state[name].data as Values);
    }
  }

  async dispose(): Promise<void> {
    await this.settled;
    if (this.disposed) return;
    this.disposed = true;
    await this.session.release();
  }
}

function stepOutput(name: string): string {
  return `output ${name}`;
}

function variableOutput(name: string): string {
  return `variable ${name} after`;
}

function valuesOf(variable: tf.Variable): Float32Array {
  return variable.dataSync<'float32'>().slice();
}
