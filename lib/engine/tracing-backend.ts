import * as tf from '@tensorflow/tfjs';
import { elementTypeOf, type Graph, type Value } from './graph';
import { LOWERINGS } from './lowering';
import { filled } from './lowering/lowering';
import { Refusal } from './refusal';

type Concrete = Float32Array | Int32Array | Uint8Array;

interface Entry {
  /** What the tensor stands for: a value of the graph, or numbers that exist already. */
  content: Value | Concrete;
  shape: readonly number[];
  references: number;
}

const BACKEND_NAME = 'tripletlab-trace';

/** A constant of no more numbers than this is kept as it is. */
const FEW = 64;

/**
 * A tfjs backend whose kernels compute nothing: each appends ONNX nodes to the current graph and
 * returns a symbolic tensor of the right shape. Running a training step once under this backend
 * records it whole, the gradients that tfjs derives included.
 */
export class TracingBackend extends tf.KernelBackend {
  // Fetches from its own backend what was made before the trace.
  private readonly entries = new tf.DataStorage<Entry>(this, tf.engine());
  private graph: Graph | undefined;

  /**
   * Runs `body` with every tfjs operation recorded into `graph`. The backend that
   * was active before is active again afterwards, whatever happens.
   */
  static trace<T>(graph: Graph, body: (backend: TracingBackend) => T): T {
    const previous = tf.getBackend();
    const backend = registeredBackend();
    backend.graph = graph;
    // It is at hand at once: the promise is for backends that load something.
    void tf.setBackend(BACKEND_NAME);
    try {
      return body(backend);
    } finally {
      backend.graph = undefined;
      void tf.setBackend(previous);
    }
  }

  /** A tfjs tensor that stands for `value`. */
  tensorFor(value: Value): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.register(value));
  }

  /** The graph's value for a tensor; a tensor whose numbers exist already becomes a constant. */
  graphValue(tensor: tf.TensorInfo): Value {
    const { content } = this.entry(tensor.dataId);
    if (!isConcrete(content)) return content;
    if (!this.graph) throw new Error('graphValue: no trace is under way');
    // tfjs makes gradients from tensors of ones and zeros: as constants they would fill the model.
    const uniform = content.length > FEW && content.every((x) => Object.is(x, content[0]));
    return uniform
      ? filled(this.graph, tensor.shape, elementTypeOf(content), content[0])
      : this.graph.constant(content, tensor.shape);
  }

  /** Records one kernel call. */
  record(kernel: string, inputs: tf.NamedTensorInfoMap, attributes: object): tf.TensorInfo[] {
    if (!this.graph) {
      throw new Error(
        `${kernel}: its tensor belongs to a step that was traced and has no values. ` +
          'Return it from the step, and take it from the result of run()',
      );
    }
    const values: Record<string, Value> = {};
    for (const [name, input] of Object.entries(inputs)) {
      if (input) values[name] = this.graphValue(input);
    }
    const outputs = lower(this.graph, kernel, values, attributes);
    return outputs.map((output) => this.register(output));
  }

  private register(value: Value): tf.TensorInfo {
    const dataId = {};
    this.entries.set(dataId, { content: value, shape: value.shape, references: 1 });
    return { dataId, shape: [...value.shape], dtype: value.dtype as tf.DataType };
  }

  private entry(dataId: object): Entry {
    return this.entries.get(dataId);
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: object,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    this.entries.set(dataId, { content: concrete(values, dtype), shape, references });
  }

  override readSync(dataId: object): tf.BackendValues {
    const { content, shape } = this.entry(dataId);
    if (isConcrete(content)) return content;
    throw new Refusal(
      `the step reads a value: a tensor of shape [${shape}] that ${content.name} computes. ` +
        'A compiled step runs without looking at its tensors: return the tensor and read it ' +
        'from the result of run(), or express the choice with tf.where',
    );
  }

  override read(dataId: object): Promise<tf.BackendValues> {
    return new Promise((resolve) => resolve(this.readSync(dataId)));
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.entries.has(dataId)) return true;
    const entry = this.entries.get(dataId);
    entry.references--;
    if (!force && entry.references > 0) return false;
    this.entries.delete(dataId);
    return true;
  }

  override incRef(dataId: object): void {
    this.entry(dataId).references++;
  }

  override refCount(dataId: object): number {
    return this.entries.has(dataId) ? this.entries.get(dataId).references : 0;
  }

  override numDataIds(): number {
    return this.entries.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {}
}

function registeredBackend(): TracingBackend {
  const existing = tf.engine().registryFactory[BACKEND_NAME];
  if (!existing) {
    // Priority 0 keeps tfjs from ever choosing it by itself.
    tf.registerBackend(BACKEND_NAME, () => new TracingBackend(), 0);
    for (const kernelName of Object.keys(LOWERINGS)) {
      tf.registerKernel({
        kernelName,
        backendName: BACKEND_NAME,
        kernelFunc: ({ inputs, attrs, backend }) => {
          const outputs = (backend as TracingBackend).record(kernelName, inputs, attrs ?? {});
          return outputs.length === 1 ? outputs[0] : outputs;
        },
      });
    }
  }
  return tf.findBackend(BACKEND_NAME) as TracingBackend;
}

function lower(
  graph: Graph,
  kernel: string,
  inputs: Record<string, Value>,
  attributes: object,
): readonly Value[] {
  try {
    return [LOWERINGS[kernel](graph, inputs, attributes as never)].flat();
  } catch (error) {
    throw new Refusal((error as Error).message, { cause: error });
  }
}

function isConcrete(content: Value | Concrete): content is Concrete {
  return ArrayBuffer.isView(content);
}

function concrete(values: tf.BackendValues, dtype: tf.DataType): Concrete {
  if (dtype === 'int32') return Int32Array.from(values as ArrayLike<number>);
  if (dtype === 'bool') return Uint8Array.from(values as ArrayLike<number>);
  if (dtype === 'float32') return Float32Array.from(values as ArrayLike<number>);
  throw new Refusal(`compile: a step works on float32, int32 and bool tensors, got ${dtype}`);
}
