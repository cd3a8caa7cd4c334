import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configure } from './preset';
import { publishRun } from './published-runs';
import { run, type Run } from './run';

const SETTINGS = configure({ name: 'tiny', network: 'fashion', strategy: 'softmax' }, 'smoke', {
  steps: 4,
  batchSize: 16,
  trainLimit: 100,
  testLimit: 50,
  validationShare: 0.2,
});

const base = mkdtempSync(join(tmpdir(), 'published-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(base, String(folders++));

const publishedFolder = newFolder();
let trained: Run;
let published: string;
beforeAll(async () => {
  trained = await run(SETTINGS, { runsFolder: newFolder(), publishedFolder });
  published = publishRun(trained.directory, publishedFolder);
});

describe('a published run', () => {
  it('lies under its name, without its embeddings', () => {
    expect(published).toBe(join(publishedFolder, 'tiny'));
    expect(existsSync(join(published, 'embeddings.bin'))).toBe(false);
  });

  it('is not trained again: the run has the same numbers, and embeddings made of its weights', async () => {
    const labels = new Set<string>();
    const adopted = await run(SETTINGS, {
      runsFolder: newFolder(),
      publishedFolder,
      onProgress: ({ label }) => void labels.add(label),
    });
    expect([...labels]).toEqual(['embed']);
    expect(adopted.directory).not.toBe(trained.directory);
    expect(adopted.id).toBe(trained.id);
    expect(adopted.summary).toEqual(trained.summary);
    expect(adopted.metrics).toEqual(trained.metrics);
    expect(adopted.environment).toEqual(trained.environment);
    expect(adopted.embeddings()).toEqual(trained.embeddings());
  });

  it.each([{ seed: 2 }, { name: 'other' }])('is not taken for another: %j', async (other) => {
    const result = await run(
      { ...SETTINGS, ...other },
      { runsFolder: newFolder(), publishedFolder },
    );
    expect(result.id).not.toBe(trained.id);
    expect(result.config).toMatchObject(other);
  });

  it('is trained anew where it was made under another revision', async () => {
    const older = newFolder();
    const path = join(publishRun(trained.directory, older), 'environment.json');
    const environment = JSON.parse(readFileSync(path, 'utf8')) as { trainingRevision: number };
    environment.trainingRevision--;
    writeFileSync(path, JSON.stringify(environment));
    const labels = new Set<string>();
    await run(SETTINGS, {
      runsFolder: newFolder(),
      publishedFolder: older,
      onProgress: ({ label }) => void labels.add(label),
    });
    expect([...labels]).toEqual(['tiny']);
  });

  it('names the file that is damaged', async () => {
    const damaged = newFolder();
    writeFileSync(join(publishRun(trained.directory, damaged), 'weights.bin'), 'x');
    const again = run(SETTINGS, { runsFolder: newFolder(), publishedFolder: damaged });
    await expect(again).rejects.toThrow(/tiny\/weights\.bin does not begin with TLAB0001/);
  });
});
