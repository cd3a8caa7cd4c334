import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silhouette } from '../evaluate/silhouette';
import { continuity, projectedAccuracy, trustworthiness } from '../projection/quality';
import { tsne } from '../projection/tsne';
import { umap } from '../projection/umap';
import { writeCheckpoint } from '../train/checkpoint';
import { projectRun } from './projection';
import { run, type Run } from './run';

const runsFolder = mkdtempSync(join(tmpdir(), 'tripletlab-projection-'));
afterAll(() => rmSync(runsFolder, { recursive: true }));

let found: Run;
beforeAll(async () => {
  found = await run(
    { strategy: 'batch_all', steps: 10, trainLimit: 200, testLimit: 60, dimension: 8 },
    { runsFolder },
  );
});

const kept = (method: string): string[] =>
  readdirSync(found.directory).filter((name) => name.startsWith(`projection-${method}-`));

describe('projectRun', () => {
  it('draws the test embeddings and tells how far to trust the picture', async () => {
    const { embeddings, labels } = found.embeddings();
    const projected = await projectRun(found, 'umap', { iterations: 20, seed: 1 });
    const picture = await umap(embeddings, { iterations: 20, seed: 1 });
    expect(projected).toEqual({
      points: picture,
      labels,
      trustworthiness: await trustworthiness(embeddings, picture, 12),
      continuity: await continuity(embeddings, picture, 12),
      accuracy: await projectedAccuracy(picture, labels, 10),
      silhouette: await silhouette(picture, labels),
    });
  });

  it('adapts the perplexity of t-SNE to few points, unless it is given', async () => {
    const { embeddings } = found.embeddings();
    const options = { iterations: 30, exaggerationIterations: 10 };
    const { points } = await projectRun(found, 'tsne', options);
    expect(points).toEqual(await tsne(embeddings, { ...options, perplexity: 59 / 3 }));
    await expect(projectRun(found, 'tsne', { perplexity: 100 })).rejects.toThrow(
      'tsne: perplexity must be from 1 to below the number of other points, 59, got 100',
    );
  });

  it('keeps a picture under the options that make a difference', async () => {
    const first = await projectRun(found, 'tsne', { iterations: 12, perplexity: 5, seed: 1 });
    const files = kept('tsne');
    const search: string[] = [];
    const again = await projectRun(found, 'tsne', {
      seed: 1,
      perplexity: 5,
      iterations: 12,
      threads: 2,
      theta: undefined,
      onProgress: ({ label }) => search.push(label),
    });
    expect(again).toEqual(first);
    expect([kept('tsne'), search]).toEqual([files, []]);
    const initial = first.points;
    await projectRun(found, 'tsne', { iterations: 12, perplexity: 6, seed: 1 });
    await projectRun(found, 'tsne', { iterations: 12, perplexity: 5, seed: 1, initial });
    expect(kept('tsne')).toHaveLength(files.length + 2);
    await projectRun(found, 'pca', { iterations: 5 });
    await projectRun(found, 'pca');
    expect(kept('pca')).toHaveLength(1);
  });

  it('does not take a file of an earlier version for its own', async () => {
    // The name that the same call had when a picture had two figures only.
    writeCheckpoint(join(found.directory, 'projection-umap-d202d1e0.bin'), {
      progress: { trustworthiness: 0, accuracy: 0 },
      arrays: { points: { data: new Float32Array(120), shape: [60, 2] } },
    });
    const projected = await projectRun(found, 'umap', { iterations: 50, seed: 1 });
    expect(projected.trustworthiness).toBeGreaterThan(0);
    expect(Number.isFinite(projected.continuity)).toBe(true);
  });
});
