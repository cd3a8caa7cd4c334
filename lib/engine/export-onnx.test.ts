import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { onnx } from 'onnx-proto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fashionNetwork } from '../model/fashion-network';
import { mnistNetwork } from '../model/mnist-network';
import { exportOnnx } from './export-onnx';
import { onnxruntime } from './onnxruntime';

let folder: string;
let path: string;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-onnx-'));
  path = join(folder, 'network.onnx');
  return () => rmSync(folder, { recursive: true });
});

/** The largest difference between the file's embeddings and the network's own. */
async function difference(model: tf.LayersModel, file: string, batch: number): Promise<number> {
  const [, ...shape] = model.inputs[0].shape as number[];
  const images = tf.randomUniform([batch, ...shape], 0, 1, 'float32', batch);
  const expected = model.predict(images) as tf.Tensor;
  const session = await onnxruntime().InferenceSession.create(file);
  const feed = new (onnxruntime().Tensor)('float32', images.dataSync<'float32'>(), images.shape);
  const { embeddings } = await session.run({ images: feed });
  await session.release();
  expect(embeddings.dims).toEqual(expected.shape);
  const found = tf.tensor(embeddings.data as Float32Array, expected.shape);
  return found.sub(expected).abs().max().dataSync()[0];
}

/** A network of layers that ours do not have. */
function otherNetwork(): tf.LayersModel {
  const inner = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [13, 11, 2], filters: 5, kernelSize: 3, strides: 2 }),
      tf.layers.conv2d({ filters: 4, kernelSize: 1, useBias: false }),
    ],
  });
  return tf.sequential({
    layers: [
      inner,
      tf.layers.batchNormalization(),
      tf.layers.activation({ activation: 'elu' }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.averagePooling2d({ poolSize: 2, padding: 'same' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 7, activation: 'softplus' }),
    ],
  });
}

/** Weights that are not where they started, as after training. */
function shaken(model: tf.LayersModel): tf.LayersModel {
  model.setWeights(
    model.getWeights().map((w, i) => w.add(tf.randomUniform(w.shape, -0.05, 0.05, 'float32', i))),
  );
  return model;
}

const BATCHES = [1, 3, 64, 100];

const NETWORKS: [string, number[], () => tf.LayersModel][] = [
  ['the MNIST network', BATCHES, () => mnistNetwork({ seed: 1 })],
  ['the MNIST network with three blocks', [1, 3], () => mnistNetwork({ seed: 2, blocks: 3 })],
  ['the Fashion-MNIST network', BATCHES, () => fashionNetwork({ seed: 3 })],
  // As long as the batches that are traced.
  ['embeddings of length 17', [1, 3, 17], () => fashionNetwork({ seed: 4, dimension: 17 })],
  ['embeddings of length 103', [1, 3], () => mnistNetwork({ seed: 5, dimension: 103 })],
  ['embeddings of length 1', [1, 3], () => mnistNetwork({ seed: 6, dimension: 1 })],
  ['another network', BATCHES, otherNetwork],
];

describe.each(NETWORKS)('%s', (_, batches, build) => {
  const model = shaken(build());
  afterAll(() => model.dispose());

  it('gives the same embeddings from the file, at any batch', async () => {
    exportOnnx(model, path);
    for (const batch of batches) {
      expect(await difference(model, path, batch)).toBeLessThan(1e-5);
    }
  });

  it('holds every weight as an initialiser, named by its layer', () => {
    exportOnnx(model, path);
    const { graph } = onnx.ModelProto.decode(readFileSync(path));
    const names = (graph?.initializer ?? []).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const weights = names.filter((name) => /^\w+_\d+\/\w+/.test(name ?? ''));
    expect(weights).toHaveLength(model.weights.length);
  });
});

describe('exportOnnx', () => {
  it('names input, output and the open dimension, and keeps notes', async () => {
    exportOnnx(mnistNetwork({ seed: 1 }), path, { metadata: { run: 'a', ünïcode: '"\n' } });
    const { inputMetadata, outputMetadata } = await onnxruntime().InferenceSession.create(path);
    expect(inputMetadata).toEqual([
      { name: 'images', isTensor: true, type: 'float32', shape: ['batch', 28, 28, 1] },
    ]);
    expect(outputMetadata).toEqual([
      { name: 'embeddings', isTensor: true, type: 'float32', shape: ['batch', 64] },
    ]);
    const { metadataProps } = onnx.ModelProto.decode(readFileSync(path));
    const notes = metadataProps.map(({ key, value }) => [key, value]);
    expect(notes).toEqual([
      ['run', 'a'],
      ['ünïcode', '"\n'],
    ]);
  });

  it('writes equal bytes for equal networks, whatever was built before', () => {
    const others = [join(folder, 'a.onnx'), join(folder, 'b.onnx')];
    others.forEach((other) => exportOnnx(fashionNetwork({ seed: 9 }), other));
    expect(readFileSync(others[0]).equals(readFileSync(others[1]))).toBe(true);
  });

  it('leaves the network, the backend and the memory as they were', () => {
    const model = mnistNetwork({ seed: 1 });
    const before = model.getWeights().map((weight) => [...weight.dataSync()].slice(0, 50));
    const { numTensors } = tf.memory();
    exportOnnx(model, path);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(tf.getBackend()).toBe('cpu');
    expect(model.getWeights().map((weight) => [...weight.dataSync()].slice(0, 50))).toEqual(before);
  });

  it('makes missing folders and replaces what was there', async () => {
    const deep = join(folder, 'a b', 'ü', 'network.onnx');
    const model = fashionNetwork({ seed: 1 });
    exportOnnx(mnistNetwork({ seed: 1 }), deep);
    exportOnnx(model, deep);
    expect(await difference(model, deep, 2)).toBeLessThan(1e-5);
    expect(readdirSync(join(folder, 'a b', 'ü'))).toEqual(['network.onnx']);
  });

  it('says why it cannot write, and leaves nothing behind', () => {
    mkdirSync(path);
    writeFileSync(join(folder, 'file'), '');
    const model = fashionNetwork({ seed: 1 });
    expect(() => exportOnnx(model, path)).toThrow(/EISDIR.*network\.onnx/);
    expect(() => exportOnnx(model, join(folder, 'file', 'x.onnx'))).toThrow(
      /(ENOTDIR|EEXIST).*file/,
    );
    expect(() => exportOnnx(model, '')).toThrow();
    expect(() => exportOnnx(model, 'a\0b')).toThrow(/null bytes/);
    expect(readdirSync(folder).sort()).toEqual(['file', 'network.onnx']);
  });

  const REFUSED: [string, () => tf.LayersModel, string][] = [
    [
      'two inputs',
      () => {
        const inputs = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];
        const sum = tf.layers.add().apply(inputs) as tf.SymbolicTensor;
        return tf.model({ inputs, outputs: sum });
      },
      'exportOnnx: the network must have one input and one output, got 2 and 1',
    ],
    [
      'images of any size',
      () =>
        tf.sequential({
          layers: [
            tf.layers.conv2d({ inputShape: [null, 28, 1], filters: 2, kernelSize: 3 }),
            tf.layers.globalAveragePooling2d({}),
          ],
        }),
      'exportOnnx: the batch, and nothing else, must be open in the input of the network, got [open, open, 28, 1]',
    ],
    [
      'a fixed batch',
      () => tf.sequential({ layers: [tf.layers.dense({ batchInputShape: [4, 3], units: 2 })] }),
      'exportOnnx: the batch, and nothing else, must be open in the input of the network, got [4, 3]',
    ],
  ];

  it.each(REFUSED)('refuses %s', (_, build, message) => {
    expect(() => exportOnnx(build(), path)).toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
  });
});
