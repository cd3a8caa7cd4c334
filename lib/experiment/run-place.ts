import type { Dataset } from '../data/dataset';
import { loadDataset } from '../data/load-dataset';
import type { OnProgress } from '../data/progress';
import { chooseEngine } from '../engine/device';
import type { EngineChoice } from '../engine/engines';
import type { Configuration } from './configuration';
import { runHash } from './identity';
import { defaultRunsFolder, RunFolder } from './run-folder';

/** Where the run of a configuration belongs, and what it hangs on besides the configuration. */
export interface RunPlace {
  config: Configuration;
  dataset: Dataset;
  choice: EngineChoice;
  /** Tells the run apart from all that have other numbers: `runHash`. */
  hash: string;
  folder: RunFolder;
}

/** Options of `placeOf`. */
export interface PlaceOptions {
  /** Where run folders are kept. Default: results/runs of the project. */
  runsFolder?: string;
  /** Stops a download of the data. */
  signal?: AbortSignal;
  /** Hears of a download. */
  onProgress?: OnProgress;
}

/**
 * Finds the place of a run, whether or not it was trained; nothing is made there.
 *
 * @throws Error when the data or the engine is not available
 */
export async function placeOf(
  config: Configuration,
  { runsFolder = defaultRunsFolder(), ...options }: PlaceOptions,
): Promise<RunPlace> {
  const dataset = await loadDataset(config.dataset, { ...config, ...options });
  const choice = await chooseEngine(config.engine);
  const hash = runHash(config, choice, dataset.digest);
  const folder = new RunFolder(`${runsFolder}/${config.name}-${hash}`);
  return { config, dataset, choice, hash, folder };
}
