import { Graph, liveParts, type Constant, type ConstantData, type Node, type Value } from './graph';
import type { Trace } from './trace';

/** A trace of something that changes no variable. */
export type PureTrace = Omit<Trace, 'assigned'>;

/** Values for inputs of the trace, by their names: they become constants, under another name. */
export type FixedInputs = Record<string, { name: string; data: ConstantData }>;

/** A dimension that is known only when the graph runs. */
export const OPEN = -1;

/**
 * Two batch sizes to compare. Primes, for a product of other dimensions never equals one; and where a
 * dimension does, that accident does not repeat itself at the other size.
 */
const SIZES = [17, 103] as const;

/**
 * A graph for batches of any size, found by tracing at two sizes and comparing. Whatever is the same
 * in both does not depend on the size. What may differ is shapes, where the dimension becomes `OPEN`,
 * and one dimension of a Reshape's target, which ONNX can infer.
 *
 * @param traceAt traces the computation for a batch of this size
 * @param fixed the inputs that are to be constants of the graph. Default: none
 * @throws Error when something else depends on the size; the message names it
 */
export function traceAnyBatch(
  traceAt: (batch: number) => PureTrace,
  fixed: FixedInputs = {},
): PureTrace {
  const [first, second] = SIZES.map(traceAt);
  const merged = new Merge(first, second, fixed);
  const outputs: Record<string, Value> = {};
  for (const [name, value] of Object.entries(first.outputs)) {
    outputs[name] = merged.value(value, second.outputs[name]);
  }
  return { graph: merged.graph, outputs };
}

/** Two traces of one computation, made into one graph. */
class Merge {
  readonly graph = new Graph();
  /** By its name in the first trace: a value's name in the second, and what stands for both. */
  private readonly pairs = new Map<string, { partner: string; value: Value }>();
  private readonly constants: [first: Map<string, Constant>, second: Map<string, Constant>];

  constructor(first: PureTrace, second: PureTrace, fixed: FixedInputs) {
    const [a, b] = [first, second].map(({ graph, outputs }) =>
      liveParts(graph, Object.values(outputs)),
    );
    this.constants = [byName(a.constants), byName(b.constants)];
    first.graph.inputs.forEach((input, i) => {
      const shape = openShape(input, second.graph.inputs[i]);
      const constant = fixed[input.name];
      const value = constant
        ? this.graph.namedConstant(constant.name, constant.data, shape)
        : this.graph.input(input.name, { dtype: input.dtype, shape });
      this.pair(input, second.graph.inputs[i], value);
    });
    if (a.nodes.length !== b.nodes.length) {
      throw dependent(`the number of operations does (${a.nodes.length} and ${b.nodes.length})`);
    }
    a.nodes.forEach((node, i) => this.addNode(node, b.nodes[i]));
  }

  /** What stands for a value of both traces. */
  value(first: Value, second: Value, target = false): Value {
    const [a, b] = [this.constants[0].get(first.name), this.constants[1].get(second.name)];
    if (a && b) return this.constant(a, b, target);
    const pair = this.pairs.get(first.name);
    if (pair?.partner !== second.name) throw dependent('the order of operations does');
    return pair.value;
  }

  private addNode(first: Node, second: Node): void {
    if (
      first.op !== second.op ||
      first.inputs.length !== second.inputs.length ||
      JSON.stringify(first.attributes) !== JSON.stringify(second.attributes)
    ) {
      throw dependent(`${described(first)} does (at the other size it is ${described(second)})`);
    }
    const inputs = first.inputs.map((input, i) => {
      const target = first.op === 'Reshape' && i === 1;
      return naming(first, () => this.value(input, second.inputs[i], target));
    });
    const types = first.outputs.map((output, i) => ({
      dtype: output.dtype,
      shape: openShape(output, second.outputs[i]),
    }));
    const outputs = this.graph.nodeWithOutputs(first.op, inputs, types, first.attributes);
    first.outputs.forEach((output, i) => this.pair(output, second.outputs[i], outputs[i]));
  }

  /** A constant must be the same at both sizes, but for one dimension of a Reshape's target. */
  private constant(first: Constant, second: Constant, target: boolean): Value {
    const { shape } = first.value;
    const [a, b] = [Array.from<unknown>(first.data), Array.from<unknown>(second.data)];
    if (String(shape) !== String(second.value.shape)) {
      throw dependent(`a constant of shape [${shape}] does`);
    }
    const differing = a.flatMap((x, i) => (Object.is(x, b[i]) ? [] : [i]));
    if (differing.length === 0) return this.graph.constant(first.data, shape);
    if (!target || differing.length > 1) {
      throw dependent(`a constant of shape [${shape}] does (it holds ${a.slice(0, 4).join(', ')})`);
    }
    return this.graph.integers(a.map((x, i) => (i === differing[0] ? OPEN : Number(x))));
  }

  private pair(first: Value, second: Value, value: Value): void {
    this.pairs.set(first.name, { partner: second.name, value });
  }
}

function byName(constants: readonly Constant[]): Map<string, Constant> {
  return new Map(constants.map((constant) => [constant.value.name, constant]));
}

function openShape(first: Value, second: Value): number[] {
  if (first.shape.length !== second.shape.length) {
    throw dependent(`the rank of ${first.name} does ([${first.shape}] and [${second.shape}])`);
  }
  return first.shape.map((dimension, i) => (dimension === second.shape[i] ? dimension : OPEN));
}

function described({ op, attributes }: Node): string {
  return `${op} ${JSON.stringify(attributes)}`;
}

/** Names the operation in an error about its inputs. */
function naming<T>({ op }: Node, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw new Error(`${(error as Error).message}, at the operation ${op}`, { cause: error });
  }
}

function dependent(what: string): Error {
  return new Error(
    `traceAnyBatch: the graph depends on the batch size in a way that does not generalise: ${what}`,
  );
}
