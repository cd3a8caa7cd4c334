import { describeEnvironment } from './environment';
import type { Run } from './run';
import { checkedEnvironment } from './run-files';
import type { MetricsLine } from './run-folder';
import type { RunPlace } from './run-place';
import { summarise } from './summary';

/**
 * The run of a training that ended with an error: what its folder has on record by then. It can be
 * compared and diagnosed like any other, but has no embeddings.
 *
 * @param error why it failed
 */
export function failedRun({ config, choice, dataset, folder }: RunPlace, error: string): Run {
  const id = folder.path.split(/[\\/]/).at(-1) ?? folder.path;
  const metrics = recorded<MetricsLine[]>(() => folder.readMetrics()) ?? [];
  return {
    id,
    directory: folder.path,
    config,
    environment:
      recorded(() => folder.readJson('environment.json', checkedEnvironment)) ??
      describeEnvironment(choice, dataset),
    status: 'failed',
    error,
    summary: summarise(config, metrics, { test: {}, seconds: NaN, peakMegabytes: NaN }),
    metrics,
    embeddings: () => {
      throw new Error(`embeddings: the run ${id} has failed and has none: ${error}`);
    },
    snapshots: () => {
      throw new Error(`snapshots: the run ${id} has failed and has none: ${error}`);
    },
  };
}

/** What a file says; undefined where it is missing or damaged, which may be why the run failed. */
function recorded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
