import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fashionNetwork } from './fashion-network';
import { exportLayersModel, loadLayersModel } from './layers-model';
import { mnistNetwork } from './mnist-network';

let folder: string;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-layers-'));
  return () => rmSync(folder, { recursive: true });
});

function embeddings(model: tf.LayersModel): number[] {
  const images = tf.randomUniform([3, 28, 28, 1], 0, 1, 'float32', 1);
  return [...(model.predict(images) as tf.Tensor).dataSync()];
}

/** Biases start at zero: only other values show that they were kept. */
function shaken(model: tf.LayersModel): tf.LayersModel {
  model.setWeights(
    model.getWeights().map((w, i) => w.add(tf.randomUniform(w.shape, -0.05, 0.05, 'float32', i))),
  );
  return model;
}

const NETWORKS: [string, () => tf.LayersModel][] = [
  ['the MNIST network', () => shaken(mnistNetwork({ seed: 1 }))],
  ['the Fashion-MNIST network', () => shaken(fashionNetwork({ seed: 2, dimension: 5 }))],
];

describe.each(NETWORKS)('%s', (_, build) => {
  it('comes back from a folder as it was', async () => {
    const model = build();
    await exportLayersModel(model, join(folder, 'a', 'b'));
    const loaded = await loadLayersModel(join(folder, 'a', 'b'));
    expect(loaded.layers.map((layer) => layer.getClassName())).toEqual(
      model.layers.map((layer) => layer.getClassName()),
    );
    expect(embeddings(loaded)).toEqual(embeddings(model));
  });

  it('comes back from a web server through tfjs alone', async () => {
    const model = build();
    await exportLayersModel(model, folder);
    const server = createServer(({ url = '' }, response) => {
      response.end(readFileSync(join(folder, url)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const loaded = await tf.loadLayersModel(`http://127.0.0.1:${port}/model.json`);
      expect(embeddings(loaded)).toEqual(embeddings(model));
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

describe('loadLayersModel', () => {
  const model = (): string => join(folder, 'model.json');
  const weights = (): string => join(folder, 'weights.bin');

  beforeEach(() => exportLayersModel(fashionNetwork({ seed: 1 }), folder));

  it('names the file that is missing', async () => {
    rmSync(weights());
    await expect(loadLayersModel(folder)).rejects.toThrow(
      /^loadLayersModel: the weights cannot be read: ENOENT.*weights\.bin/,
    );
    rmSync(model());
    await expect(loadLayersModel(folder)).rejects.toThrow(
      /^loadLayersModel: .*model\.json cannot be read: ENOENT/,
    );
    await expect(loadLayersModel(join(folder, 'a\0b'))).rejects.toThrow(/^loadLayersModel: /);
  });

  it.each([0, 1, 1000])('refuses weights cut to %i bytes', async (length) => {
    const whole = readFileSync(weights());
    writeFileSync(weights(), whole.subarray(0, length));
    await expect(loadLayersModel(folder)).rejects.toThrow(
      `weights.bin must hold ${whole.length} bytes, got ${length}`,
    );
  });

  it('refuses weights with more behind them', async () => {
    writeFileSync(weights(), Buffer.concat([readFileSync(weights()), Buffer.alloc(4)]));
    await expect(loadLayersModel(folder)).rejects.toThrow(/weights\.bin must hold \d+ bytes/);
  });

  it('refuses a description that was cut off', async () => {
    const whole = readFileSync(model(), 'utf8');
    for (const length of [0, 1, whole.length / 2, whole.length - 1]) {
      writeFileSync(model(), whole.slice(0, length));
      await expect(loadLayersModel(folder)).rejects.toThrow(
        /^loadLayersModel: .*model\.json cannot be read: /,
      );
    }
  });

  /** The description with some of it replaced. */
  const changed = (change: object): string => {
    const description = JSON.parse(readFileSync(model(), 'utf8')) as object;
    return JSON.stringify({ ...description, ...change });
  };
  const group = (change: object): object => ({
    weightsManifest: [{ paths: ['weights.bin'], weights: [], ...change }],
  });

  it.each([
    ['nothing', 'null'],
    ['a list', '[]'],
    ['a number', '5'],
    ['nothing in it', '{}'],
    ['no topology', { modelTopology: undefined }],
    ['a topology that is text', { modelTopology: 'x' }],
    ['no manifest', { weightsManifest: undefined }],
    ['an empty manifest', { weightsManifest: [] }],
    ['a manifest of nothing', { weightsManifest: [null] }],
    ['a path out of the folder', group({ paths: ['../../etc/passwd'] })],
    ['an absolute path', group({ paths: ['/etc/passwd'] })],
    ['a path that is no text', group({ paths: [{}] })],
    ['a weight that is nothing', group({ weights: [null] })],
    ['a weight without a shape', group({ weights: [{ name: 'a', dtype: 'float32' }] })],
    ['a weight of text', group({ weights: [{ name: 'a', dtype: 'string', shape: [1] }] })],
    ['a negative shape', group({ weights: [{ name: 'a', dtype: 'float32', shape: [-1] }] })],
    [
      'a type out of the prototype',
      group({ weights: [{ name: 'a', dtype: 'toString', shape: [] }] }),
    ],
  ])('refuses a description with %s', async (_, change) => {
    writeFileSync(model(), typeof change === 'string' ? change : changed(change));
    await expect(loadLayersModel(folder)).rejects.toThrow(
      /model\.json must hold a modelTopology and a weightsManifest, as tfjs writes them/,
    );
  });

  it.each([
    [
      'layers that nobody knows',
      {
        class_name: 'Sequential',
        config: { name: 'a', layers: [{ class_name: 'Nonsense', config: {} }] },
      },
    ],
    ['nothing of a network', {}],
    ['a null topology', null],
  ])('refuses %s', async (_, modelTopology) => {
    writeFileSync(model(), changed({ modelTopology }));
    await expect(loadLayersModel(folder)).rejects.toThrow(
      /^loadLayersModel: .*model\.json describes no network: /,
    );
  });

  it('refuses the weights of another network', async () => {
    const other = join(folder, 'other');
    await exportLayersModel(mnistNetwork({ seed: 1 }), other);
    const { weightsManifest } = JSON.parse(readFileSync(join(other, 'model.json'), 'utf8'));
    writeFileSync(model(), changed({ weightsManifest }));
    writeFileSync(weights(), readFileSync(join(other, 'weights.bin')));
    await expect(loadLayersModel(folder)).rejects.toThrow(/describes no network: /);
  });
});

describe('exportLayersModel', () => {
  it('says where it cannot write', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'taken', 'weights.bin'), { recursive: true });
    const model = fashionNetwork({ seed: 1 });
    await expect(exportLayersModel(model, join(folder, 'file'))).rejects.toThrow(/file/);
    await expect(exportLayersModel(model, join(folder, 'taken'))).rejects.toThrow(/EISDIR/);
  });
});
