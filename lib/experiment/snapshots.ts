import { readdirSync } from 'node:fs';
import type { Matrix } from '../data/matrix';
import { readMatrix, writeCheckpoint } from '../train/checkpoint';
import type { RunFolder } from './run-folder';

/** The embeddings of the test images at one step of training. */
export interface Snapshot {
  /** Steps done; 0 is the untrained network. */
  step: number;
  /** float32 [n, d]: of the test images, in their order. */
  embeddings: Matrix;
}

/**
 * The steps at which `count` snapshots are taken: the i-th at steps (i / count)^2, rounded. They begin
 * with the untrained network and lie closer in the beginning, when most changes; the end, which is
 * kept anyway, is not among them.
 */
export function snapshotSteps(steps: number, count: number): Set<number> {
  return new Set(Array.from({ length: count }, (_, i) => Math.round(steps * (i / count) ** 2)));
}

export function writeSnapshot(folder: RunFolder, step: number, { data, shape }: Matrix): void {
  writeCheckpoint(folder.file(`snapshot-${step}.bin`), {
    progress: {},
    arrays: { test: { data, shape: [...shape] } },
  });
}

/** The snapshots in a run folder, by step. */
export function readSnapshots(folder: RunFolder): Snapshot[] {
  return readdirSync(folder.path)
    .flatMap((name) => /^snapshot-(\d+)\.bin$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .map((step) => ({
      step,
      embeddings: readMatrix(folder.file(`snapshot-${step}.bin`), 'test'),
    }));
}
