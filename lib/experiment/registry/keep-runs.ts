import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ifFree } from '../../data/exclusively';
import type { DamagedRun, RunEntry } from './scan-runs';

/** What the folder of a run is called between its removal and the deletion of its files. */
const REMOVED = '.removed-';

/**
 * Removes a run: first its folder disappears from the others in one step, then its files are deleted.
 * What a crash leaves of that is deleted by the next removal.
 *
 * @throws Error when it is a published run, or one that a process is training
 */
export async function removeRun({ id, path, isPublished }: RunEntry): Promise<void> {
  if (isPublished) {
    throw new Error(`removeRun: ${id} is a published run; those are kept, and removed, by git`);
  }
  const folder = dirname(path);
  const removed = join(folder, `${REMOVED}${process.pid}-${basename(path)}`);
  if (!(await ifFree(path, () => renameSync(path, removed)))) {
    throw new Error(`removeRun: ${id} is being trained; stop that first, it keeps a checkpoint`);
  }
  for (const name of readdirSync(folder).filter((name) => name.startsWith(REMOVED))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Moves a damaged run folder to `damagedFolder`, under its name and, where that is taken, a number.
 *
 * @returns where it is now
 * @throws Error when it lies among the published runs, or a process has it
 */
export async function setAside(
  { path, isPublished }: DamagedRun,
  damagedFolder: string,
): Promise<string> {
  if (isPublished) {
    throw new Error(`setAside: ${path} is among the published runs; those are mended by git`);
  }
  mkdirSync(damagedFolder, { recursive: true });
  const place = freePlace(join(damagedFolder, basename(path)));
  const move = (): void => renameSync(path, place);
  // What is no folder, such as a link, cannot be trained, and is moved itself, not what it leads to.
  if (!lstatSync(path).isDirectory()) move();
  else if (!(await ifFree(path, move))) throw new Error(`setAside: ${path} is being trained`);
  return place;
}

function freePlace(path: string): string {
  let place = path;
  for (let number = 2; existsSync(place); number++) place = `${path}-${number}`;
  return place;
}
