import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runEpochs, runPictures, type PictureOptions } from './pictures';
import { configure } from './preset';
import { run } from './run';

const base = mkdtempSync(join(tmpdir(), 'pictures-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const SETTINGS = configure({ name: 'tiny', network: 'fashion', dimension: 8 }, 'smoke', {
  steps: 8,
  batchSize: 16,
  trainLimit: 100,
  testLimit: 60,
});

const OPTIONS: PictureOptions = { preset: 'smoke', seed: 3 };

it('follows the t-SNE picture back to the untrained network, and keeps what it found', async () => {
  const result = await run(SETTINGS, { runsFolder: join(base, 'whole'), snapshots: 2 });
  const pictures = await runPictures(result, OPTIONS);
  expect(Object.keys(pictures)).toEqual(['t-SNE', 'UMAP']);
  const epochs = await runEpochs(result, OPTIONS);
  expect(epochs.map(({ label }) => label)).toEqual(['step 0', 'step 2', 'step 8']);
  expect(epochs[2].points).toEqual(pictures['t-SNE'].points);
  for (const { points } of epochs) expect(points.shape).toEqual([60, 2]);
  expect(epochs[0].points).not.toEqual(epochs[1].points);
  const onProgress = (): void => expect.unreachable('it was computed again');
  expect(await runEpochs(result, { ...OPTIONS, onProgress })).toEqual(epochs);
});

it('has the picture alone of a run without snapshots', async () => {
  const result = await run(SETTINGS, { runsFolder: join(base, 'bare') });
  expect((await runEpochs(result, OPTIONS)).map(({ label }) => label)).toEqual(['step 8']);
});
