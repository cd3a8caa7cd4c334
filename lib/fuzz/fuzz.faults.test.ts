import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../experiment/run';
import { folderWithRun } from '../experiment/runs.test-support';
import { configurations, idxFiles, notebooks } from './input-targets.test-support';
import { kernelMessages } from './kernel-targets.test-support';
import { runFolders, weightFiles } from './run-targets.test-support';
import { fuzz, type Target } from './target.test-support';

/** `TRIPLETLAB_FAULTS_SEED=7 npm run test:faults -- fuzz` repeats it with other faults. */
const SEED = Number(process.env.TRIPLETLAB_FAULTS_SEED ?? 2);

let parent: string;
let run: Run;
beforeAll(async () => {
  ({ parent, run } = await folderWithRun());
});
afterAll(() => rmSync(parent, { recursive: true }));

const targets: [name: string, target: (run: Run) => Target, attempts: number][] = [
  ['IDX files', () => idxFiles, 3000],
  ['configurations', () => configurations, 3000],
  ['notebooks', () => notebooks, 1500],
  ['run folders', runFolders, 1000],
  ['weights', weightFiles, 1000],
  ['kernel messages', () => kernelMessages, 2000],
];

it.each(targets)(
  '%s: damaged ones end in a clear error or are read',
  async (_, target, attempts) => {
    const { accepted, refused, slowest } = await fuzz(target(run), attempts, SEED);
    console.log(
      `fuzz, seed ${SEED}: ${target(run).name}: ${attempts} attempts, ${accepted} read, ` +
        `${refused} refused with a clear error; the longest took ${slowest.toFixed(2)} s`,
    );
    expect(accepted + refused).toBe(attempts);
    expect(refused).toBeGreaterThan(0);
  },
);
