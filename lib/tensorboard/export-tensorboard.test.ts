import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../data/require-peer';
import { headPredictions } from '../experiment/head-predictions';
import { loadRun, run, type Run } from '../experiment/run';
import { readPixels } from '../figure/pixels';
import { exportTensorBoard } from './export-tensorboard';
import { crc32c, protobuf, readEvents } from './python-reader.test-support';

const TEST_IMAGES = 40;
const EVENTS = 'events.out.tfevents.tripletlab';

let folder: string;
let digits: Run;

beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-tensorboard-'));
  digits = await trained('batch_all');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A run of a few steps on MNIST, evaluated twice. */
function trained(strategy: 'batch_all' | 'softmax'): Promise<Run> {
  const limits = { trainLimit: 200, testLimit: TEST_IMAGES };
  const schedule = { steps: 4, logEvery: 1, evaluateEvery: 2, batchSize: 20 };
  return run({ name: strategy, strategy, ...limits, ...schedule }, { runsFolder: folder });
}

/** All files below `path`, with their bytes. */
function contents(path: string): Record<string, Buffer> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
  return Object.fromEntries(
    paths.sort().map((file) => [file.slice(path.length + 1), readFileSync(file)]),
  );
}

describe('exportTensorBoard', () => {
  it('writes the same bytes for the same run, over an earlier export too', async () => {
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    const copy = join(folder, 'copy');
    // At the turn of a second a copy may keep another one than the original has.
    utimesSync(join(digits.directory, 'config.json'), 1e9, 1e9);
    await exportTensorBoard(digits, one);
    cpSync(digits.directory, copy, { recursive: true, preserveTimestamps: true });
    await exportTensorBoard(digits, other, { started: 5 });
    const earlier = contents(other);
    await exportTensorBoard(await loadRun(copy), other);
    const files = contents(one);
    expect(Object.keys(files)).toEqual([
      `embeddings/embeddings.bytes`,
      `embeddings/embeddings.tsv`,
      `embeddings/${EVENTS}`,
      `embeddings/metadata.tsv`,
      `embeddings/projector_config.json`,
      `embeddings/projector_config.pbtxt`,
      `embeddings/sprite.png`,
      `train/${EVENTS}`,
      `validation/${EVENTS}`,
    ]);
    expect(contents(other)).toEqual(files);
    expect(earlier[`train/${EVENTS}`]).not.toEqual(files[`train/${EVENTS}`]);
  });

  it("writes a softmax run's predictions", async () => {
    const output = join(folder, 'softmax-logs');
    const result = await trained('softmax');
    await exportTensorBoard(result, output);
    const lines = readFileSync(join(output, 'embeddings', 'metadata.tsv'), 'utf8').split('\n');
    const { labels } = result.embeddings();
    const predictions = headPredictions(result);
    expect(lines).toEqual([
      'class\tindex\tprediction',
      ...Array.from(labels, (label, i) => `${label}\t${i}\t${predictions[i]}`),
      '',
    ]);
  });

  it('stops when it is aborted', async () => {
    const stopped = AbortSignal.abort(new Error('enough'));
    const output = join(folder, 'stopped');
    await expect(exportTensorBoard(digits, output, { signal: stopped })).rejects.toThrow('enough');
    expect(readdirSync(folder)).not.toContain('stopped');
  });

  it.skipIf(isMissing(protobuf) || isMissing(crc32c))(
    'writes metrics and pictures that Python reads',
    async () => {
      const output = join(folder, 'read');
      utimesSync(join(digits.directory, 'config.json'), 1e9, 1e9);
      await exportTensorBoard(digits, output);
      for (const split of ['train', 'validation'] as const) {
        const [, ...events] = readEvents(join(output, split, EVENTS));
        const lines = digits.metrics.filter((line) => line.split === split);
        expect(events.map(({ step }) => Number(step))).toEqual(lines.map(({ step }) => step));
        events.forEach(({ summary, wall_time }, i) => {
          const { values, step } = lines[i];
          expect(wall_time).toBeCloseTo(1e9 + (digits.summary.seconds * step) / 4, 5);
          const { simple_value } = summary!.value.find(({ tag }) => tag === 'loss')!;
          const loss = values[split === 'train' ? 'mean loss' : 'loss'];
          expect(Math.fround(Number(simple_value))).toBe(Math.fround(loss));
        });
      }
      const [, { step, summary }] = readEvents(join(output, 'embeddings', EVENTS));
      expect(step).toBe('4');
      expect(summary?.value.map(({ tag }) => tag)).toEqual(['test-images', 'embeddings-pca']);
      for (const { image } of summary?.value ?? []) {
        const png = Buffer.from(image?.encoded_image_string ?? '', 'base64');
        const { width, height } = readPixels(png);
        expect(image).toMatchObject({ width, height, colorspace: 3 });
      }
    },
  );
});
