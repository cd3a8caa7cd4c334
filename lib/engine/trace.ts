import * as tf from '@tensorflow/tfjs';
import { Graph, type Value } from './graph';
import { locatingRefusals, Refusal } from './refusal';
import type { Step, StepSignature, TensorRecord } from './step';
import { TracingBackend } from './tracing-backend';

/** A step written down as a graph. */
export interface Trace {
  graph: Graph;
  /** The value of every output that the step returns. */
  outputs: Record<string, Value>;
  /** For every variable that the step assigns: its value after the step. */
  assigned: Record<string, Value>;
}

/**
 * Runs `step` once on symbolic tensors and returns the graph of everything it did. The variables
 * keep the values that they had.
 *
 * @throws Error when the step reads a value, draws a random number, returns a promise, assigns a
 *   variable that its signature does not list, or uses a kernel that has no lowering
 */
export function trace(step: Step, signature: StepSignature, graph = new Graph()): Trace {
  const variables = signature.variables ?? {};
  const kept = keepAll();
  try {
    return TracingBackend.trace(graph, (backend) =>
      withoutRandomness(() =>
        tf.tidy(() => {
          const symbol = (name: string, type: { shape: number[]; dtype: string }): tf.Tensor =>
            backend.tensorFor(graph.input(name, type as Parameters<Graph['input']>[1]));
          const inputs: TensorRecord = {};
          for (const [name, type] of Object.entries(signature.inputs)) {
            inputs[name] = symbol(name, type);
          }
          const fed = new Map<string, Value>();
          for (const [name, variable] of Object.entries(variables)) {
            variable.assign(symbol(variableInput(name), variable));
            fed.set(name, backend.graphValue(variable));
          }
          const returned = runStep(step, inputs);
          refuseUnlisted(kept, variables);
          const outputs: Record<string, Value> = {};
          for (const [name, tensor] of Object.entries(returned)) {
            outputs[name] = backend.graphValue(tensor);
          }
          const assigned: Record<string, Value> = {};
          for (const [name, variable] of Object.entries(variables)) {
            const value = backend.graphValue(variable);
            if (value !== fed.get(name)) assigned[name] = value;
          }
          return { graph, outputs, assigned } as unknown as tf.TensorContainer;
        }),
      ),
    ) as unknown as Trace;
  } finally {
    for (const [variable, value] of kept) {
      if (variable.dataId !== value.dataId) variable.assign(value);
      value.dispose();
    }
  }
}

/** The graph's name for the input that carries a variable's value before the step. */
export function variableInput(name: string): string {
  return `variable ${name}`;
}

/** Gives a variable new values, row-major. */
export function assign(
  variable: tf.Variable,
  values: Float32Array | Int32Array | Uint8Array,
): void {
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape, variable.dtype)));
}

/** The value of every variable there is, so that the trace can leave all as they were. */
function keepAll(): Map<tf.Variable, tf.Tensor> {
  const variables = Object.values(tf.engine().registeredVariables);
  return new Map(variables.map((variable) => [variable, variable.clone()]));
}

function refuseUnlisted(
  kept: Map<tf.Variable, tf.Tensor>,
  variables: Record<string, tf.Variable>,
): void {
  const listed = new Set(Object.values(variables));
  for (const [variable, value] of kept) {
    if (!listed.has(variable) && variable.dataId !== value.dataId) {
      throw new Error(
        `compile: the step assigns the variable '${variable.name}', which its signature does not ` +
          'list: add it to `variables`, or its value would be lost after every run',
      );
    }
  }
}

function runStep(step: Step, inputs: TensorRecord): TensorRecord {
  const returned = locatingRefusals(() => step(inputs));
  if (returned instanceof Promise) {
    // Its rejection would otherwise end the process; the error below says what matters.
    returned.catch(() => undefined);
    throw new TypeError('compile: the step must be synchronous, got one that returns a promise');
  }
  return returned;
}

/** A random draw calls no kernel: inside a trace it would freeze into a constant, unnoticed. */
function withoutRandomness<T>(body: () => T): T {
  const random = Math.random;
  Math.random = () => {
    throw new Refusal(
      'compile: the step draws a random number, which a compiled step would repeat at every run. ' +
        'Draw outside and pass the numbers as an input of the step; for dropout: apply the model ' +
        'with { training: false } and multiply by a mask from dropoutMask(shape, rate, random)',
    );
  };
  try {
    return body();
  } finally {
    Math.random = random;
  }
}
