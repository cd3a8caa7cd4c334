import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from './configuration';
import { configure } from './preset';
import { run, type Run } from './run';

/** A training of seconds. */
export const TINY: Configuration = configure(
  { name: 'tiny', network: 'fashion', dimension: 8 },
  'smoke',
  { steps: 4, batchSize: 16, trainLimit: 200, testLimit: 60, logEvery: 2, evaluateEvery: 2 },
);

/** A folder of runs with one finished run in it; its parent is to be deleted. */
export async function folderWithRun(): Promise<{ parent: string; runsFolder: string; run: Run }> {
  const parent = mkdtempSync(join(tmpdir(), 'tripletlab-runs-'));
  const runsFolder = join(parent, 'runs');
  return { parent, runsFolder, run: await run(TINY, { runsFolder }) };
}

/** A copy of a run's folder beside it. */
export function copyRun({ directory }: Pick<Run, 'directory'>, name: string): string {
  const path = join(directory, '..', name);
  cpSync(directory, path, { recursive: true });
  return path;
}
