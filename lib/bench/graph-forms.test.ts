import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { convolutionBlockSize } from '../engine/block-size';
import { fashionNetwork } from '../model/fashion-network';
import { mnistNetwork } from '../model/mnist-network';
import { CONVOLUTION_OPERATIONS } from './convolution-operations';
import { formsFor, isUsed, writeForm, type GraphForm, type Operation } from './graph-form';
import { graphSession, randomData } from './graph-session';
import { describeLayer, geometryOf, LAYERS, type Layer } from './layers';
import { MASK, POOLING_OPERATIONS } from './pooling-forms';

/** A whole block of images, which a form wants. */
const BATCH = 16;

const CASES = LAYERS.flatMap((layer) =>
  [...CONVOLUTION_OPERATIONS, MASK, ...(layer.network === 'mnist' ? POOLING_OPERATIONS : [])].map(
    (operation): [string, Layer, Operation] => [
      `${operation.name}, ${layer.network} ${layer.name}`,
      layer,
      operation,
    ],
  ),
);

/** The results of a form, as [batch, height, width, channel]. */
async function evaluate(
  operation: Operation,
  form: GraphForm,
  layer: Layer,
  blockSize: number | undefined,
): Promise<Float32Array[]> {
  const info = geometryOf(layer, BATCH);
  const data = randomData(operation, info);
  const given = operation.inputs(info);
  const written = writeForm(operation, form, info, blockSize);
  for (const [name, { image, shape }] of Object.entries(given)) {
    if (form.channelsFirst && image) data[name] = channelsMoved(data[name], shape, 'first');
  }
  const session = await graphSession(written, data, { whole: true });
  const results = await session.run();
  await session.release();
  return Object.entries(written.results).map(([name, { shape }]) =>
    form.channelsFirst ? channelsMoved(results[name], shape, 'last') : results[name],
  );
}

function channelsMoved(
  values: Float32Array,
  shape: readonly number[],
  to: 'first' | 'last',
): Float32Array {
  const [batch, a, b, c] = shape;
  const [outer, inner] = to === 'first' ? [a * b, c] : [a, b * c];
  const moved = new Float32Array(values.length);
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < inner; j++) {
        moved[(n * inner + j) * outer + i] = values[(n * outer + i) * inner + j];
      }
    }
  }
  return moved;
}

/** The largest difference, relative to the largest value. */
function difference(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return Infinity;
  const most = (values: (i: number) => number): number =>
    expected.reduce((max, _, i) => {
      const value = Math.abs(values(i));
      return value <= max ? max : value;
    }, 0);
  return most((i) => found[i] - expected[i]) / most((i) => expected[i]);
}

describe('forms', () => {
  it.each(CASES)('of %s give the same numbers', async (_, layer, operation) => {
    const blockSize = await convolutionBlockSize();
    const forms = formsFor(operation, geometryOf(layer, BATCH), blockSize);
    expect(forms.length).toBeGreaterThan(1);
    const expected = await evaluate(operation, forms[0], layer, blockSize);
    for (const values of expected) expect(new Set(values).size).toBeGreaterThan(100);
    for (const form of forms.slice(1)) {
      const found = await evaluate(operation, form, layer, blockSize);
      found.forEach((values, i) => {
        expect(difference(values, expected[i]), form.name).toBeLessThan(1e-4);
      });
    }
  });

  it.each(CASES)('of %s are one that is used and others', (_, layer, operation) => {
    const info = geometryOf(layer, 64);
    for (const blockSize of [undefined, 8, 16]) {
      const forms = formsFor(operation, info, blockSize);
      const used = forms.filter((form) => isUsed(operation, form, info, blockSize));
      expect(used.map(({ name }) => name)).toHaveLength(1);
    }
  });
});

describe('LAYERS', () => {
  it.each([
    { network: 'fashion', model: fashionNetwork({ seed: 1 }) },
    { network: 'mnist', model: mnistNetwork({ seed: 1 }) },
  ])('are the convolutions of the $network network', ({ network, model }) => {
    const convolutions = model.layers.filter((layer) => layer.getClassName() === 'Conv2D');
    const own = LAYERS.filter((layer) => layer.network === network);
    const shapes = own.map((layer) => geometryOf(layer, 1));
    const batchless = ({ shape }: tf.SymbolicTensor): unknown => shape.slice(1);
    expect(shapes.map(({ inShape }) => inShape.slice(1))).toEqual(
      convolutions.map(({ input }) => batchless(input as tf.SymbolicTensor)),
    );
    expect(shapes.map(({ outShape }) => outShape.slice(1))).toEqual(
      convolutions.map(({ output }) => batchless(output as tf.SymbolicTensor)),
    );
    expect(own.map(({ stride, pad }) => ({ strides: [stride, stride], padding: pad }))).toEqual(
      convolutions.map((layer) => {
        const { strides, padding } = layer.getConfig();
        return { strides, padding };
      }),
    );
  });

  it('have words', () => {
    expect(LAYERS.map(describeLayer)[2]).toBe('conv3: 11x11x32 to 5x5x64, stride 2');
  });
});
