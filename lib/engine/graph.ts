/** The element types that occur in a traced step; int64 only for what ONNX itself demands. */
export type ElementType = 'float32' | 'int32' | 'bool' | 'int64';

/** A tensor that a graph will compute: known by shape and type, without values. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: ElementType;
}

/** The values of a constant, row-major; booleans are 0 or 1. */
export type ConstantData = Float32Array | Int32Array | Uint8Array | BigInt64Array;

/** An attribute of an ONNX node: whole numbers, a list of them, a real number or a string. */
export type Attribute = number | readonly number[] | { float: number } | string;

/** One ONNX operation of the graph. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A constant of the graph with its values. */
export interface Constant {
  readonly value: Value;
  readonly data: ConstantData;
}

/** The element type and shape of a value that is to be made. */
export interface ValueType {
  shape: readonly number[];
  dtype: ElementType;
}

/**
 * A dataflow graph under construction. Two nodes with the same operation, inputs and attributes are
 * one node (common sub-expression elimination), and so are two small constants of equal content.
 */
export class Graph {
  readonly inputs: Value[] = [];
  readonly constants: Constant[] = [];
  readonly nodes: Node[] = [];
  /** Values of which every element is the same known number. */
  readonly uniform = new Map<Value, number>();
  /** Channels in a block of onnxruntime's own convolutions; undefined: ONNX's operators only. */
  readonly blockSize: number | undefined;
  private readonly known = new Map<string, readonly Value[]>();
  private count = 0;

  constructor({ blockSize }: { blockSize?: number } = {}) {
    this.blockSize = blockSize;
  }

  /** A value that is fed at every run. */
  input(name: string, { shape, dtype }: ValueType): Value {
    const value = { name, shape, dtype };
    this.inputs.push(value);
    return value;
  }

  /** A value fixed at compile time. */
  constant(data: ConstantData, shape: readonly number[]): Value {
    const dtype = elementTypeOf(data);
    const key = data.length <= 64 ? `constant ${dtype} [${shape}] ${bytesOf(data)}` : undefined;
    const same = key === undefined ? undefined : this.known.get(key);
    if (same) return same[0];
    const value = { name: this.freshName('constant'), shape, dtype };
    this.constants.push({ value, data });
    if (key !== undefined) this.known.set(key, [value]);
    return value;
  }

  /** A constant that keeps this name, and that no other constant is merged with. */
  namedConstant(name: string, data: ConstantData, shape: readonly number[]): Value {
    const value = { name, shape, dtype: elementTypeOf(data) };
    this.constants.push({ value, data });
    return value;
  }

  /** A scalar float32 constant. */
  scalar(x: number): Value {
    return this.constant(Float32Array.of(x), []);
  }

  /** A one-dimensional int64 constant: the form in which ONNX takes shapes, axes and offsets. */
  integers(list: readonly number[]): Value {
    return this.constant(BigInt64Array.from(list, BigInt), [list.length]);
  }

  /** Appends a node with one output and returns that output. */
  node(
    op: string,
    inputs: readonly Value[],
    type: ValueType,
    attributes: Record<string, Attribute> = {},
  ): Value {
    return this.nodeWithOutputs(op, inputs, [type], attributes)[0];
  }

  /** Appends a node with several outputs and returns them. */
  nodeWithOutputs(
    op: string,
    inputs: readonly Value[],
    types: readonly ValueType[],
    attributes: Record<string, Attribute> = {},
  ): readonly Value[] {
    const key = `${types.length} ${op}(${inputs.map((input) => input.name)})${JSON.stringify(attributes)}`;
    const same = this.known.get(key);
    if (same) return same;
    const outputs = types.map(({ shape, dtype }) => ({ name: this.freshName(op), shape, dtype }));
    this.nodes.push({ op, inputs, outputs, attributes });
    this.known.set(key, outputs);
    return outputs;
  }

  private freshName(stem: string): string {
    return `${stem}_${this.count++}`;
  }
}

/** The nodes and constants that `outputs` depend on, in the order of the graph. */
export function liveParts(
  graph: Graph,
  outputs: readonly Value[],
): { nodes: Node[]; constants: Constant[] } {
  const needed = new Set(outputs.map((output) => output.name));
  const nodes: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => needed.has(output.name))) continue;
    nodes.push(node);
    for (const input of node.inputs) needed.add(input.name);
  }
  return {
    nodes: nodes.reverse(),
    constants: graph.constants.filter(({ value }) => needed.has(value.name)),
  };
}

/** The number of elements of a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/** The bytes as text: numbers in decimal would make -0 equal to 0. */
function bytesOf({ buffer, byteOffset, byteLength }: ConstantData): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}

/** The element type of a constant with these values. */
export function elementTypeOf(data: ConstantData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Uint8Array) return 'bool';
  return 'int64';
}
