import { existsSync, readdirSync } from 'node:fs';
import { RUN_NAME } from '../configuration';
import { RunFolder } from '../run-folder';
import { placeOf, type RunPlace } from '../run-place';
import type { Trial } from './trials';

/** The trials of a sweep that come to one run, for they differ in nothing but their name. */
export interface Task {
  place: RunPlace;
  /** Their places in the plan. */
  trials: number[];
}

/** Finds out which run each trial comes to, in the order of the plan. */
export async function tasksOf(
  trials: readonly Trial[],
  runsFolder: string,
  signal?: AbortSignal,
): Promise<Task[]> {
  const folders = existsSync(runsFolder) ? readdirSync(runsFolder) : [];
  const tasks = new Map<string, Task>();
  for (const [i, { config }] of trials.entries()) {
    const place = await placeOf(config, { runsFolder, signal });
    const task = tasks.get(place.hash);
    if (task) task.trials.push(i);
    else tasks.set(place.hash, { place: whereItBegan(place, runsFolder, folders), trials: [i] });
  }
  return [...tasks.values()];
}

/**
 * The place of a run that was begun under another name. The names in a sweep tell what differs, so
 * they change as a sweep grows by a setting; what was trained must not be lost by that.
 */
function whereItBegan(place: RunPlace, runsFolder: string, folders: string[]): RunPlace {
  const begun = folders
    .filter((id) => id.endsWith(`-${place.hash}`))
    .map((id) => ({ id, name: id.slice(0, -place.hash.length - 1) }))
    .filter(({ name }) => RUN_NAME.test(name))
    .map(({ id, name }) => ({
      ...place,
      config: { ...place.config, name },
      folder: new RunFolder(`${runsFolder}/${id}`),
    }));
  const all = [...begun.filter(({ config }) => config.name === place.config.name), ...begun];
  return all.find(({ folder }) => folder.has('summary.json')) ?? all[0] ?? place;
}
