import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../experiment/run';
import { folderWithRun } from '../experiment/runs.test-support';
import { configurations, idxFiles, notebooks } from './input-targets.test-support';
import { kernelMessages } from './kernel-targets.test-support';
import { runFolders, weightFiles } from './run-targets.test-support';
import { fuzz, type Target } from './target.test-support';

/** A short version of fuzz.faults.test.ts. */
let parent: string;
let run: Run;
beforeAll(async () => {
  ({ parent, run } = await folderWithRun());
});
afterAll(() => rmSync(parent, { recursive: true }));

const targets: [target: (run: Run) => Target, attempts: number][] = [
  [() => idxFiles, 300],
  [() => configurations, 300],
  [() => notebooks, 60],
  [runFolders, 60],
  [weightFiles, 60],
  [() => kernelMessages, 150],
];

it.each(targets)('damaged input %# ends in a clear error or is read', async (target, attempts) => {
  const { accepted, refused } = await fuzz(target(run), attempts, 1);
  expect(accepted + refused).toBe(attempts);
  // Otherwise the faults are too weak, or nothing is let through at all.
  expect(refused).toBeGreaterThan(0);
});
