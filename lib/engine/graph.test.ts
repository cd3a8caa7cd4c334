import { describe, expect, it } from 'vitest';
import { Graph, liveParts, sizeOf, type ValueType } from './graph';

const MATRIX: ValueType = { shape: [2, 3], dtype: 'float32' };

describe('Graph', () => {
  it('makes one node of two that do the same', () => {
    const graph = new Graph();
    const [x, y] = [graph.input('x', MATRIX), graph.input('y', MATRIX)];
    const first = graph.node('Add', [x, y], MATRIX);
    expect(graph.node('Add', [x, y], MATRIX)).toBe(first);
    expect(graph.nodes).toHaveLength(1);
  });

  it('shares what is built from shared parts', () => {
    const graph = new Graph();
    const x = graph.input('x', MATRIX);
    const square = (): ReturnType<Graph['node']> => {
      const negative = graph.node('Neg', [x], MATRIX);
      return graph.node('Mul', [negative, negative], MATRIX);
    };
    expect(square()).toBe(square());
    expect(graph.nodes.map((node) => node.op)).toEqual(['Neg', 'Mul']);
  });

  it.each<[string, (graph: Graph) => unknown]>([
    ['the operation', (graph) => graph.node('Sub', [graph.inputs[0], graph.inputs[1]], MATRIX)],
    ['the order of the inputs', (graph) => graph.node('Add', [...graph.inputs].reverse(), MATRIX)],
    ['the number of inputs', (graph) => graph.node('Add', [graph.inputs[0]], MATRIX)],
    ['an attribute', (graph) => graph.node('Add', graph.inputs, MATRIX, { axis: 1 })],
    [
      'the number of outputs',
      (graph) => graph.nodeWithOutputs('Add', graph.inputs, [MATRIX, MATRIX])[1].name,
    ],
  ])('keeps apart what differs in %s', (_, different) => {
    const graph = new Graph();
    graph.input('x', MATRIX);
    graph.input('y', MATRIX);
    const base = graph.node('Add', graph.inputs, MATRIX);
    const other = different(graph);
    expect(other).toBeDefined();
    expect(other).not.toBe(base);
    expect(graph.nodes).toHaveLength(2);
  });

  it('keeps apart attributes of one name and different values', () => {
    const graph = new Graph();
    const x = graph.input('x', MATRIX);
    const attributes = [
      { axis: 0 },
      { axis: 1 },
      { axis: [0] },
      { axis: '0' },
      { axis: { float: 0 } },
    ];
    const made = attributes.map((each) => graph.node('Op', [x], MATRIX, each));
    expect(new Set(made.map((value) => value.name)).size).toBe(attributes.length);
  });

  it('makes one constant of two small equal ones, and minds type, shape and content', () => {
    const graph = new Graph();
    const two = graph.constant(Float32Array.of(1, 2), [2]);
    expect(graph.constant(Float32Array.of(1, 2), [2])).toBe(two);
    const others = [
      graph.constant(Float32Array.of(1, 3), [2]),
      graph.constant(Float32Array.of(1, 2), [1, 2]),
      graph.constant(Int32Array.of(1, 2), [2]),
      graph.constant(Uint8Array.of(1, 2), [2]),
      graph.constant(BigInt64Array.of(1n, 2n), [2]),
    ];
    expect(new Set([two, ...others]).size).toBe(6);
    expect([two, ...others].map((value) => value.dtype)).toEqual([
      'float32',
      'float32',
      'float32',
      'int32',
      'bool',
      'int64',
    ]);
    expect(graph.constants).toHaveLength(6);
  });

  it('tells 0 from -0 and one NaN from none', () => {
    const graph = new Graph();
    const [zero, minus, nan] = [0, -0, NaN].map((x) => graph.scalar(x));
    expect(nan).not.toBe(zero);
    expect(graph.scalar(NaN)).toBe(nan);
    // 1 / 0 and 1 / -0 are not the same.
    expect(minus).not.toBe(zero);
  });

  it('gives every value a name of its own', () => {
    const graph = new Graph();
    const x = graph.input('x', MATRIX);
    for (let i = 0; i < 10; i++) {
      graph.nodeWithOutputs('Split', [x, graph.scalar(i)], [MATRIX, MATRIX]);
    }
    const names = [...graph.inputs, ...graph.constants.map(({ value }) => value)]
      .concat(graph.nodes.flatMap((node) => node.outputs))
      .map((value) => value.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('liveParts', () => {
  it('drops the nodes and constants that no output needs', () => {
    const graph = new Graph();
    const x = graph.input('x', MATRIX);
    const used = graph.node('Add', [x, graph.scalar(1)], MATRIX);
    const dead = graph.node('Mul', [used, graph.scalar(2)], MATRIX);
    graph.node('Neg', [dead], MATRIX);
    const result = graph.node('Exp', [used], MATRIX);
    const { nodes, constants } = liveParts(graph, [result]);
    expect(nodes.map((node) => node.op)).toEqual(['Add', 'Exp']);
    expect(constants.map(({ data }) => [...data])).toEqual([[1]]);
  });

  it('keeps a node for any one of its outputs, and the order of the graph', () => {
    const graph = new Graph();
    const x = graph.input('x', MATRIX);
    const [, indices] = graph.nodeWithOutputs('TopK', [x], [MATRIX, MATRIX]);
    const other = graph.node('Abs', [x], MATRIX);
    const sum = graph.node('Add', [other, indices], MATRIX);
    const { nodes } = liveParts(graph, [sum, indices]);
    expect(nodes.map((node) => node.op)).toEqual(['TopK', 'Abs', 'Add']);
  });

  it('keeps nothing for an output that is an input', () => {
    const graph = new Graph();
    const x = graph.input('x', MATRIX);
    graph.node('Abs', [x], MATRIX);
    expect(liveParts(graph, [x])).toEqual({ nodes: [], constants: [] });
  });
});

describe('sizeOf', () => {
  it.each([
    [[], 1],
    [[3], 3],
    [[2, 3, 4], 24],
    [[2, 0], 0],
  ])('of %o is %i', (shape, size) => expect(sizeOf(shape)).toBe(size));
});
