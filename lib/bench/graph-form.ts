import type { backend_util } from '@tensorflow/tfjs';
import { Graph, liveParts, type Node, type Value } from '../engine/graph';
import { TO_CHANNELS_FIRST, TO_CHANNELS_LAST } from '../engine/lowering/layout';
import { transpose } from '../engine/lowering/transpose';

/** Appends an operation of a layer to a graph; images are [batch, height, width, channel]. */
export type Write = (
  graph: Graph,
  inputs: Record<string, Value>,
  layer: backend_util.Conv2DInfo,
) => Value | readonly Value[];

/** One of the ways to write an operation. */
export interface GraphForm {
  name: string;
  write: Write;
  /** Whether it is a way for this layer, in a graph for this machine. Default: it always is. */
  takes?: (graph: Graph, layer: backend_util.Conv2DInfo) => boolean;
  /** Whether images come and go as [batch, channel, height, width] instead. Default false. */
  channelsFirst?: boolean;
}

/** An input of an operation: float32 numbers. */
export interface Given {
  shape: readonly number[];
  /** A filter is none. */
  image: boolean;
  /** Whether no number is negative. Default false. */
  rectified?: boolean;
}

/** A part of a training step that can be written in several ways. */
export interface Operation {
  name: string;
  inputs: (layer: backend_util.Conv2DInfo) => Record<string, Given>;
  /** Multiplications and additions. Default: they are not what takes the time. */
  arithmetic?: (layer: backend_util.Conv2DInfo) => number;
  /** What the engine appends. */
  engine: Write;
  forms: GraphForm[];
}

/** A form written for a layer. */
export interface WrittenForm {
  graph: Graph;
  /** As the graph wants them. */
  shapes: Record<string, readonly number[]>;
  results: Record<string, Value>;
}

/** @param blockSize of `convolutionBlockSize` */
export function writeForm(
  { inputs }: Operation,
  { write, channelsFirst = false }: Pick<GraphForm, 'write' | 'channelsFirst'>,
  layer: backend_util.Conv2DInfo,
  blockSize: number | undefined,
): WrittenForm {
  const graph = new Graph({ blockSize });
  const shapes: WrittenForm['shapes'] = {};
  const values: Record<string, Value> = {};
  for (const [name, { shape, image }] of Object.entries(inputs(layer))) {
    const moved = channelsFirst && image;
    shapes[name] = moved ? TO_CHANNELS_FIRST.map((axis) => shape[axis]) : shape;
    const input = graph.input(name, { shape: shapes[name], dtype: 'float32' });
    values[name] = moved ? transpose(graph, input, TO_CHANNELS_LAST) : input;
  }
  const results = [write(graph, values, layer)].flat() as Value[];
  const named = results.map((result, i): [string, Value] => [
    `result ${i}`,
    channelsFirst ? transpose(graph, result, TO_CHANNELS_FIRST) : result,
  ]);
  return { graph, shapes, results: Object.fromEntries(named) };
}

/** The forms that there are for a layer. */
export function formsFor(
  { forms }: Operation,
  layer: backend_util.Conv2DInfo,
  blockSize: number | undefined,
): GraphForm[] {
  const graph = new Graph({ blockSize });
  return forms.filter(({ takes }) => takes?.(graph, layer) ?? true);
}

/** Whether a form consists of the nodes that the engine appends. */
export function isUsed(
  operation: Operation,
  form: GraphForm,
  layer: backend_util.Conv2DInfo,
  blockSize: number | undefined,
): boolean {
  const [own, engines] = [form, { write: operation.engine }].map((one) => {
    const { graph, results } = writeForm(operation, one, layer, blockSize);
    const { nodes } = liveParts(graph, Object.values(results));
    return nodes.map(described).sort().join();
  });
  return own === engines;
}

function described({ op, attributes, outputs }: Node): string {
  return JSON.stringify([op, attributes, outputs.map(({ shape }) => shape)]);
}
