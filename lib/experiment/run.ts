import { loadDataset } from '../data/load-dataset';
import type { Matrix } from '../data/matrix';
import type { OnProgress } from '../data/progress';
import { projectPath } from '../data/project';
import { readMatrix, writeCheckpoint, type NamedArrays } from '../train/checkpoint';
import { trainedWeights } from '../train/trainer';
import { buildHead, buildNetwork } from './build';
import { configuration, type Configuration } from './configuration';
import { describeEnvironment, type Environment } from './environment';
import { adoptPublishedRun } from './published-runs';
import { runData } from './run-data';
import { checkedEnvironment, checkedSummary } from './run-files';
import { RunFolder, type MetricsLine } from './run-folder';
import { placeOf, type RunPlace } from './run-place';
import { readSnapshots, type Snapshot } from './snapshots';
import { summarise, type Summary } from './summary';
import { trainingLoop, type LoopOptions } from './training-loop';

/** A run: what was asked, where it stands, what came out. */
export interface Run {
  /** The run's name and hash; also the name of its folder. */
  id: string;
  /** The run folder. */
  directory: string;
  /** What was asked for, complete. */
  config: Configuration;
  /** Where and with what it was trained. */
  environment: Environment;
  /** 'finished'; a sweep also returns runs that have 'failed'. */
  status: 'finished' | 'failed';
  /** Why a run has failed. */
  error?: string;
  /**
   * What it came to. Of a failed run, what was on record by then: `validation` is empty where none
   * was made, `test` always, and seconds and peakMegabytes are NaN.
   */
  summary: Summary;
  /** All metrics, in the order of training. */
  metrics: MetricsLine[];
  /**
   * The embeddings of the test images, in their order, and the classes of those images.
   *
   * @throws Error when the run has failed, or their file is damaged
   */
  embeddings(): { embeddings: Matrix; labels: Uint8Array };
  /**
   * The embeddings of the test images on the way, by step, and last the final ones. On the way there
   * are only as many as were asked for when the run was trained.
   */
  snapshots(): Snapshot[];
}

/** Options of `run`. */
export interface RunOptions {
  /** Where run folders are kept. Default: results/runs of the project. */
  runsFolder?: string;
  /** Where published runs are, which need not be trained again. Default: results/paper of the project. */
  publishedFolder?: string;
  /** Seconds of training between two checkpoints, at least. Default 10. */
  checkpointSeconds?: number;
  /**
   * How many times on the way to keep the embeddings of the test images, the untrained network's
   * first: see `Run.snapshots`. Default 0. A run that is finished has those it was trained with.
   */
  snapshots?: number;
  /** Stops training: a checkpoint is written and the promise rejects with an AbortError. */
  signal?: AbortSignal;
  /** Hears how many steps are done, with the newest figures. */
  onProgress?: OnProgress;
}

/**
 * Trains a configuration and returns the run. A configuration that was trained before is loaded, from
 * the run folder or from the published runs (whose figures are those of the machine that they were
 * trained on); one that was cut off (by an abort, a crash, kill -9) goes on from its checkpoint and
 * ends with the same numbers; one that another process is training is waited for.
 *
 * @param settings the configuration; what is left out has its default
 * @throws TypeError when a setting is wrong; RangeError when checkpointSeconds is not >= 0 or snapshots
 *   is no whole number >= 0; Error when the data or the engine is not available, or training fails
 */
export async function run(
  settings: Partial<Configuration>,
  options: RunOptions = {},
): Promise<Run> {
  const {
    publishedFolder = projectPath('results', 'paper'),
    checkpointSeconds = 10,
    snapshots = 0,
    signal,
    onProgress,
  } = options;
  if (!(checkpointSeconds >= 0)) {
    throw new RangeError(`run: checkpointSeconds must be >= 0, got ${checkpointSeconds}`);
  }
  if (!(Number.isInteger(snapshots) && snapshots >= 0)) {
    throw new RangeError(`run: snapshots must be a whole number >= 0, got ${snapshots}`);
  }
  const place = await placeOf(configuration(settings), options);
  const { folder } = place;
  folder.requirePlain();
  // A process that was killed between the last two writes of its run has left the checkpoint.
  if (!folder.has('summary.json') || folder.has('checkpoint.bin')) {
    await folder.exclusively(async (held) => {
      // Another process may have finished it while this one waited.
      if (!folder.has('summary.json')) {
        const told = { signal: held, onProgress };
        if (!(await adoptPublishedRun(publishedFolder, place, told))) {
          await train(place, { checkpointSeconds, snapshots, ...told });
        }
      }
      folder.remove('checkpoint.bin');
    }, signal);
  }
  return loadRun(folder.path);
}

async function train(
  { config, choice, dataset, folder }: RunPlace,
  options: Pick<LoopOptions, 'checkpointSeconds' | 'snapshots' | 'signal' | 'onProgress'>,
): Promise<void> {
  const started = Date.now();
  folder.removeTemporary();
  folder.writeJson('config.json', config);
  folder.writeJson('environment.json', describeEnvironment(choice, dataset));
  const model = buildNetwork(config);
  const head = buildHead(config);
  try {
    const { state, test } = await trainingLoop({
      model,
      head,
      configuration: config,
      data: runData(dataset, config),
      folder,
      engine: choice.engine,
      threads: config.threads,
      ...options,
    });
    const weights: NamedArrays = {};
    for (const name of Object.keys(trainedWeights(model, head))) weights[name] = state[name];
    writeArrays(folder, 'weights.bin', weights);
    const { data, shape } = test.embeddings;
    writeArrays(folder, 'embeddings.bin', { test: { data, shape: [...shape] } });
    const summary = summarise(config, folder.readMetrics(), {
      test: test.averages,
      seconds: (Date.now() - started) / 1000,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    });
    folder.writeJson('summary.json', summary);
  } finally {
    model.dispose();
    head?.dispose();
  }
}

function writeArrays(folder: RunFolder, name: string, arrays: NamedArrays): void {
  writeCheckpoint(folder.file(name), { progress: {}, arrays });
}

/**
 * Loads a finished run from its folder.
 *
 * @throws Error when the folder holds no finished run, or one on other data than are here: the whole
 *   dataset in place of the sample, or the reverse
 */
export async function loadRun(path: string): Promise<Run> {
  const folder = new RunFolder(path);
  folder.requirePlain();
  const config = folder.readJson('config.json', (value) => configuration(value as object));
  const environment = folder.readJson('environment.json', checkedEnvironment);
  const dataset = await loadDataset(config.dataset, config);
  if (environment.digest !== dataset.digest) {
    throw new Error(
      `loadRun: ${path} was trained on ${environment.data}, but here is ${dataset.source}; ` +
        'run its configuration again to train on that',
    );
  }
  const summary = folder.readJson('summary.json', checkedSummary);
  const embeddings: Run['embeddings'] = () => {
    const embeddings = readMatrix(folder.file('embeddings.bin'), 'test');
    const { labels } = dataset.test;
    if (embeddings.shape[0] !== labels.length) {
      throw new Error(
        `embeddings: ${path} must have as many as there are test images, ${labels.length}, ` +
          `got ${embeddings.shape[0]}`,
      );
    }
    return { embeddings, labels };
  };
  return {
    id: path.split(/[\\/]/).at(-1) ?? path,
    directory: path,
    config,
    environment,
    status: 'finished',
    summary,
    metrics: folder.readMetrics(),
    embeddings,
    snapshots: () => [
      ...readSnapshots(folder),
      { step: summary.steps, embeddings: embeddings().embeddings },
    ],
  };
}
