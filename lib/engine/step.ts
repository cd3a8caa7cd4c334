import type * as tf from '@tensorflow/tfjs';

/** What a step takes and returns: tensors by name. */
export type TensorRecord = Record<string, tf.Tensor>;

/**
 * One step of work in ordinary tfjs code: synchronous, a function of its inputs and of variables,
 * which it may assign. It must not read tensor values and must not draw random numbers.
 */
export type Step = (inputs: TensorRecord) => TensorRecord;

/** The shape and element type of an input. */
export interface InputType {
  /** The length of each axis; [] for a scalar. */
  shape: number[];
  /** What its elements are. */
  dtype: 'float32' | 'int32';
}

/** The interface of a step: what is fed at every run, and the state that it may change. */
export interface StepSignature {
  /** The inputs by name; their shapes are fixed. */
  inputs: Record<string, InputType>;
  /** The variables that the step assigns, by name. Default: none. */
  variables?: Record<string, tf.Variable>;
}

/** Values with their shape, row-major. */
export interface ArrayValue {
  /** The elements, row-major. */
  data: Float32Array | Int32Array | Uint8Array;
  /** The length of each axis; [] for a scalar. */
  shape: number[];
}

/** A step that is ready to run. It owns its state: the variables follow at `readVariables`. */
export interface CompiledStep {
  /**
   * Runs the step once on the given inputs (typed arrays, row-major) and resolves to its outputs.
   *
   * @throws TypeError when an input is missing, unknown, of the wrong type or of the wrong length
   */
  run(inputs: Record<string, Float32Array | Int32Array>): Promise<Record<string, ArrayValue>>;
  /** Copies the state that the runs have left into the tf.Variables. */
  readVariables(): void;
  /** Frees what the step holds. Running it afterwards is an error. */
  dispose(): Promise<void>;
}

/** Checks the arrays of one run against the step's signature. */
export function checkInputs(
  signature: StepSignature,
  inputs: Record<string, Float32Array | Int32Array>,
): void {
  for (const name of Object.keys(inputs)) {
    if (!(name in signature.inputs)) {
      const known = Object.keys(signature.inputs).join(', ');
      throw new TypeError(`run: the step has no input '${name}'; its inputs are ${known}`);
    }
  }
  for (const [name, { shape, dtype }] of Object.entries(signature.inputs)) {
    const array = inputs[name];
    const expected = dtype === 'float32' ? Float32Array : Int32Array;
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (!(array instanceof expected) || array.length !== size) {
      const got = ArrayBuffer.isView(array)
        ? `a ${(array as object).constructor.name} of ${(array as Float32Array).length}`
        : String(array);
      throw new TypeError(
        `run: input '${name}' must be a ${expected.name} of ${size} values ([${shape}]), got ${got}`,
      );
    }
  }
}
