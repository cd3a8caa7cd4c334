import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { imageBatch } from '../data/dataset';
import { loadDataset } from '../data/load-dataset';
import { onnxruntime } from '../engine/onnxruntime';
import { run, type Run } from '../experiment/run';
import { loadLayersModel } from '../model/layers-model';
import { exportRun } from './export';

const TEST_IMAGES = 40;

let folder: string;

beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-export-'));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A run of a few steps on MNIST. */
function trained(network: 'mnist' | 'fashion'): Promise<Run> {
  const limits = { trainLimit: 200, testLimit: TEST_IMAGES };
  const schedule = { steps: 5, logEvery: 5, evaluateEvery: 5, batchSize: 20 };
  return run({ name: network, network, ...limits, ...schedule }, { runsFolder: folder });
}

async function testImages(): Promise<Float32Array> {
  const { test } = await loadDataset('mnist', { testLimit: TEST_IMAGES });
  return imageBatch(
    test,
    Int32Array.from({ length: TEST_IMAGES }, (_, i) => i),
  );
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}

describe.each(['mnist', 'fashion'] as const)('a run of the network %s', (network) => {
  let result: Run;
  beforeAll(async () => {
    result = await trained(network);
  });

  it('exported as ONNX embeds the test images as the run did', async () => {
    expect(await exportRun.run([result.directory])).toBe(0);
    const { InferenceSession, Tensor } = onnxruntime();
    const session = await InferenceSession.create(join(result.directory, 'network.onnx'));
    const images = new Tensor('float32', await testImages(), [TEST_IMAGES, 28, 28, 1]);
    const { embeddings } = await session.run({ images });
    await session.release();
    const expected = result.embeddings().embeddings.data;
    expect(largestDifference(embeddings.data as Float32Array, expected)).toBeLessThan(1e-5);
  });

  it('exported for tfjs embeds the test images as the run did', async () => {
    const output = join(folder, `${network}-layers`);
    expect(await exportRun.run([result.directory, '--format', 'layers', '--output', output])).toBe(
      0,
    );
    const model = await loadLayersModel(output);
    const images = tf.tensor(await testImages(), [TEST_IMAGES, 28, 28, 1]);
    const embeddings = (model.predict(images) as tf.Tensor).dataSync();
    expect(largestDifference(embeddings, result.embeddings().embeddings.data)).toBeLessThan(1e-5);
  });

  it('exported for TensorBoard says where it is and what to run', async () => {
    const output = join(folder, `${network}-logs`);
    const log = vi.mocked(console.log).mockClear();
    expect(
      await exportRun.run([result.directory, '--format', 'tensorboard', '--output', output]),
    ).toBe(0);
    expect(readdirSync(output)).toEqual(['embeddings', 'train', 'validation']);
    expect(log.mock.calls.join('\n')).toContain(`tensorboard --logdir ${output}\n`);
  });

  it('with damaged weights gives an error that names the file', async () => {
    const copy = join(folder, `${network}-damaged`);
    cpSync(result.directory, copy, { recursive: true });
    const path = join(copy, 'weights.bin');
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length - 4));
    await expect(exportRun.run([copy])).rejects.toThrow(/weights\.bin has \d+ bytes, expected/);
    rmSync(path);
    await expect(exportRun.run([copy])).rejects.toThrow(/no weights\.bin: .*not finished/);
    writeFileSync(join(copy, 'config.json'), '{');
    writeFileSync(path, whole);
    await expect(exportRun.run([copy])).rejects.toThrow(/config\.json cannot be read/);
  });
});

describe('export', () => {
  it("refuses another network's weights", async () => {
    const [one, other] = [await trained('mnist'), await trained('fashion')];
    const copy = join(folder, 'mixed');
    cpSync(one.directory, copy, { recursive: true });
    cpSync(join(other.directory, 'weights.bin'), join(copy, 'weights.bin'));
    await expect(exportRun.run([copy])).rejects.toThrow(
      /^loadNetwork: .*weights\.bin: restore: '0 Conv2D kernel' must have shape \[3,3,1,32\], got \[3,3,1,16\]/,
    );
  });

  it.each([
    [[], 'export takes one run, got 0'],
    [['a', 'b'], 'export takes one run, got 2'],
    [['nowhere'], "no run 'nowhere': there is no config.json in "],
    [[''], "no run '': there is no config.json in "],
    [['a\0b'], "no run 'a\0b'"],
    [['../../..'], "no run '../../..'"],
    [['x', '--format', 'keras'], "--format must be one of onnx, layers, tensorboard, got 'keras'"],
    [['x', '--format', 'toString'], "got 'toString'"],
    [['x', '--formats', 'onnx'], "Unknown option '--formats'"],
  ])('refuses %j', async (args, message) => {
    await expect(exportRun.run(args)).rejects.toThrow(message);
  });
});
