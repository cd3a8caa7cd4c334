import { onnx } from 'onnx-proto';
import {
  liveParts,
  type Attribute,
  type Constant,
  type Graph,
  type Node,
  type Value,
} from './graph';

/** ONNX's numbers for element types (onnx.proto, TensorProto.DataType). */
const ELEMENT_TYPE = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

/** The operator set that the lowerings are written for. */
const OPSET = 18;
const IR_VERSION = 8;

/** What a model says about itself. */
export interface ModelDescription {
  /** The graph's name. Default 'step'. */
  name?: string;
  /** Notes for whoever opens the model (ONNX: metadata_props). Default: none. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * Encodes `graph` as an ONNX model (protobuf bytes) that computes `outputs`, a value for every
 * output name. Nodes and constants that no output needs are left out; inputs are kept. A dimension
 * of an input or output that is negative is open: it is called 'batch'.
 */
export function encodeModel(
  graph: Graph,
  outputs: Record<string, Value>,
  { name = 'step', metadata = {} }: ModelDescription = {},
): Uint8Array {
  const { nodes, constants } = liveParts(graph, Object.values(outputs));
  const nameOf = outputNames(nodes, outputs);
  // An output that is an input or a constant, or wanted under two names, needs a node of its own.
  const copies = Object.entries(outputs)
    .filter(([name, value]) => nameOf(value) !== name)
    .map(([name, value]) => ({ opType: 'Identity', input: [nameOf(value)], output: [name] }));
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'tripletlab',
    opsetImport: operatorSets(nodes),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name,
      node: [
        ...nodes.map((node) => ({
          ...operator(node.op),
          input: node.inputs.map(nameOf),
          output: node.outputs.map(nameOf),
          attribute: Object.entries(node.attributes).map(([name, value]) => attribute(name, value)),
        })),
        ...copies,
      ],
      initializer: constants.map(tensor),
      input: graph.inputs.map((value) => valueInfo(value.name, value)),
      output: Object.entries(outputs).map(([name, value]) => valueInfo(name, value)),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

/** What values are called in the model: what a node computes for an output bears the output's name. */
function outputNames(
  nodes: readonly Node[],
  outputs: Record<string, Value>,
): (value: Value) => string {
  const computed = new Set(nodes.flatMap((node) => node.outputs));
  const names = new Map<Value, string>();
  for (const [name, value] of Object.entries(outputs)) {
    if (computed.has(value) && !names.has(value)) names.set(value, name);
  }
  return (value) => names.get(value) ?? value.name;
}

/** An operator that is not ONNX's own carries its domain in front. */
function operator(name: string): { domain: string; opType: string } {
  const [, domain = '', opType] = /^(?:(.*)\.)?([^.]*)$/.exec(name)!;
  return { domain, opType };
}

function operatorSets(nodes: readonly Node[]): onnx.IOperatorSetIdProto[] {
  const domains = new Set(nodes.map(({ op }) => operator(op).domain).filter(Boolean));
  return [
    { domain: '', version: OPSET },
    ...[...domains].map((domain) => ({ domain, version: 1 })),
  ];
}

function attribute(name: string, value: Attribute): onnx.IAttributeProto {
  const Type = onnx.AttributeProto.AttributeType;
  if (typeof value === 'number') return { name, type: Type.INT, i: value };
  if (typeof value === 'string') return { name, type: Type.STRING, s: Buffer.from(value) };
  if ('float' in value) return { name, type: Type.FLOAT, f: value.float };
  return { name, type: Type.INTS, ints: [...value] };
}

function tensor({ value, data }: Constant): onnx.ITensorProto {
  return {
    name: value.name,
    dataType: ELEMENT_TYPE[value.dtype],
    dims: [...value.shape],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function valueInfo(name: string, { dtype, shape }: Value): onnx.IValueInfoProto {
  return {
    name,
    type: {
      tensorType: {
        elemType: ELEMENT_TYPE[dtype],
        shape: {
          dim: shape.map((n) => (n < 0 ? { dimParam: 'batch' } : { dimValue: n })),
        },
      },
    },
  };
}
