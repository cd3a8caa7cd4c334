import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile } from './compile';
import type { StepSignature } from './step';

const IMAGES: StepSignature = { inputs: { x: { shape: [2, 6, 6, 3], dtype: 'float32' } } };

beforeEach(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

/** A layer of the caller's own. */
class Custom extends tf.layers.Layer {
  static className = 'Custom';

  constructor(
    name: string,
    private readonly f: (x: tf.Tensor) => tf.Tensor,
  ) {
    super({ name });
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return this.f([inputs].flat()[0]);
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
}

/** What compiling a network with `layer` inside answers. */
async function refusal(layer: tf.layers.Layer, training = false): Promise<string> {
  const inside = tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: [6, 6, 3] }), layer],
    name: 'inside',
  });
  const model = tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: [6, 6, 3] }), inside, tf.layers.flatten()],
  });
  const step = compile(({ x }) => ({ y: model.apply(x, { training }) as tf.Tensor }), IMAGES);
  return step.then(
    () => 'compiled',
    ({ message }: Error) => message,
  );
}

describe('a step that cannot be compiled', () => {
  it.each([
    [
      new Custom('neighbours', (x) => tf.localResponseNormalization(x as tf.Tensor4D)),
      /^compile: the step uses the tfjs kernel 'LRN', which the compiler does not know\./,
    ],
    [
      new Custom('peeking', (x) => x.mul(x.sum().dataSync()[0])),
      /^the step reads a value: a tensor of shape \[\] /,
    ],
    [
      new Custom('channelsFirst', (x) =>
        tf.conv2d(x as tf.Tensor4D, tf.ones([1, 1, 6, 6]), 1, 'same', 'NCHW'),
      ),
      /^compile: convolutions must be NHWC, got NCHW/,
    ],
  ])('names the layer and the line: $name', async (layer, message) => {
    const words = await refusal(layer);
    expect(words).toMatch(message);
    expect(words).toContain(`\n    in the layer '${layer.name}' (Custom)`);
    expect(words).toMatch(/\n {4}at .*refusal\.test\.ts:\d+:\d+/);
  });

  it('names the line alone where no layer is at work', async () => {
    const step = compile(({ x }) => ({ y: tf.dropout(x, 0.5) }), IMAGES);
    const words = await step.catch(({ message }: Error) => message);
    expect(words).toMatch(/draws a random number.*\n {4}at .*refusal\.test\.ts:\d+:\d+/);
    expect(words).not.toContain('in the layer');
  });

  it("leaves a layer's own error as it is", async () => {
    const own = new RangeError('x must be > 0');
    const layer = new Custom('own', () => {
      throw own;
    });
    const model = tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [6, 6, 3] }), layer],
    });
    const step = compile(({ x }) => ({ y: model.apply(x) as tf.Tensor }), IMAGES);
    await expect(step).rejects.toBe(own);
  });

  it('leaves tfjs as it was', async () => {
    const before = [tf.layers.Layer.prototype.apply, Error.stackTraceLimit];
    await refusal(tf.layers.dropout({ rate: 0.5 }), true);
    expect([tf.layers.Layer.prototype.apply, Error.stackTraceLimit]).toEqual(before);
  });

  it.each([
    tf.layers.dropout({ rate: 0.5, name: 'forgetful' }),
    tf.layers.gaussianNoise({ stddev: 1, name: 'forgetful' }),
    tf.layers.gaussianDropout({ rate: 0.5, name: 'forgetful' }),
    tf.layers.alphaDropout({ rate: 0.5, name: 'forgetful' }),
  ])('a layer that draws: what to do instead', async (layer) => {
    const words = await refusal(layer, true);
    expect(words).toMatch(/^compile: the step draws a random number.*dropoutMask/);
    expect(words).toContain(`\n    in the layer 'forgetful' (${layer.getClassName()})`);
    expect(words).toMatch(/\n {4}at .*refusal\.test\.ts:\d+:\d+/);
    expect(await refusal(layer)).toBe('compiled');
  });
});
