import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPEN, traceAnyBatch, type PureTrace } from './dynamic-batch';
import { encodeModel } from './onnx-model';
import { onnxruntime } from './onnxruntime';
import { trace } from './trace';

type Computation = (x: tf.Tensor2D) => tf.Tensor;

function anyBatch(compute: Computation): PureTrace {
  return traceAnyBatch((batch) =>
    trace(({ x }) => ({ y: compute(x as tf.Tensor2D) }), {
      inputs: { x: { shape: [batch, 6], dtype: 'float32' } },
    }),
  );
}

beforeAll(() => tf.setBackend('cpu'));

describe('traceAnyBatch', () => {
  const w = (...shape: [number, number]): tf.Tensor2D =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(i)),
      shape,
    );

  const GENERAL: [string, Computation][] = [
    ['the input itself', (x) => x],
    ['arithmetic with numbers', (x) => x.mul(2).add(1).exp()],
    ['a matrix product', (x) => x.matMul(w(6, 3))],
    ['reshaping', (x) => x.reshape([-1, 2, 3]).transpose([0, 2, 1]).reshape([-1, 6])],
    ['the batch flattened into a longer axis', (x) => x.reshape([-1]).square()],
    ['the batch not in front', (x) => x.transpose().reshape([2, 3, -1]).sum(0)],
    ['sums over the batch and over the others', (x) => x.sub(x.mean(0, true)).mul(x.sum(1, true))],
    ['distances of all pairs', (x) => x.matMul(x, false, true)],
    ['parts of the other axis', (x) => tf.concat([x.slice([0, 1], [-1, 3]), x], 1)],
    ['an axis as long as the batch of a trace', (x) => x.matMul(w(6, 17)).matMul(w(17, 103))],
    ['reshaping to such an axis', (x) => x.matMul(w(6, 17)).reshape([-1, 17, 1]).sum(2)],
    ['what is shared', (x) => x.relu().add(x.relu()).reshape([-1, 6, 1]).add(w(6, 1))],
    ['a constant of its own', () => tf.tensor1d([1, 2, 3])],
  ];

  it.each(GENERAL)('generalises %s', async (_, compute) => {
    const { graph, outputs } = anyBatch(compute);
    const session = await onnxruntime().InferenceSession.create(encodeModel(graph, outputs));
    for (const batch of [1, 2, 17, 103, 150]) {
      const x = w(batch, 6);
      const expected = compute(x);
      const feeds = { x: new (onnxruntime().Tensor)('float32', x.dataSync(), [batch, 6]) };
      const { y } = await session.run(feeds);
      expect(y.dims).toEqual(expected.shape);
      const [found, values] = [y.data as Float32Array, expected.dataSync()];
      found.forEach((value, i) => expect(value).toBeCloseTo(values[i], 3));
    }
    await session.release();
  });

  it('leaves the batch open in every shape, and nothing else', () => {
    const { graph, outputs } = anyBatch((x) => x.matMul(w(6, 3)));
    expect(graph.inputs.map(({ shape }) => shape)).toEqual([[OPEN, 6]]);
    expect(outputs.y.shape).toEqual([OPEN, 3]);
  });

  const wrong =
    'traceAnyBatch: the graph depends on the batch size in a way that does not generalise';
  const PARTICULAR: [string, Computation, RegExp][] = [
    [
      'filling to the size of the batch',
      (x) => x.add(tf.fill(x.shape, 2)),
      /at the operation Expand/,
    ],
    ['a number made of the size', (x) => x.div(x.shape[0]), /constant .*at the operation Div/],
    ['values, one per image', (x) => x.add(w(x.shape[0], 1)), /constant .*at the operation Add/],
    ['the last image', (x) => x.slice([x.shape[0] - 1, 0], [1, 6]), /at the operation Slice/],
    ['an operation per image', (x) => tf.stack(tf.unstack(x).reverse()), /number of operations/],
    ['another operation', (x) => (x.shape[0] % 4 === 1 ? x.exp() : x.sin()), /Exp .*Sin/],
    [
      'another order',
      (x) => (x.shape[0] % 4 === 1 ? x.exp().sub(x.sin()) : sinFirst(x)),
      /at the operation Sub|Exp/,
    ],
    [
      'two dimensions of a shape',
      (x) => x.matMul(x, false, true).reshape([1, x.shape[0], x.shape[0]]),
      /Reshape/,
    ],
    ['another rank', (x) => (x.shape[0] % 4 === 1 ? x : x.reshape([-1, 6, 1])), /number|rank/],
  ];

  it.each(PARTICULAR)('refuses %s', (_, compute, message) => {
    expect(() => anyBatch(compute)).toThrow(wrong);
    expect(() => anyBatch(compute)).toThrow(message);
  });
});

function sinFirst(x: tf.Tensor): tf.Tensor {
  const sine = x.sin();
  return sine.sub(x.exp());
}
