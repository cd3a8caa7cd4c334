import type * as tf from '@tensorflow/tfjs';
import type { ImageSet } from '../data/dataset';
import type { OnProgress } from '../data/progress';
import type { EngineOptions } from '../engine/device';
import { readCheckpoint, writeCheckpoint, type NamedArrays } from '../train/checkpoint';
import type { Embedded } from '../train/embedder';
import { objective } from '../train/objective';
import { Trainer, type StepMetrics } from '../train/trainer';
import { withGeometry } from '../train/with-geometry';
import { assess } from './assess';
import { buildSampler } from './build';
import type { Configuration } from './configuration';
import { requireFiniteMetrics } from './finite-metrics';
import type { RunData } from './run-data';
import type { RunFolder } from './run-folder';
import { snapshotSteps, writeSnapshot } from './snapshots';

/** What a checkpoint remembers besides the arrays. */
interface Position {
  /** Steps done. */
  step: number;
  /** Sums of the metrics since the last line, and how many steps they are over. */
  sums: StepMetrics;
  count: number;
  /** Whether the evaluation that is due after these steps has still to be made. */
  unevaluated?: boolean;
}

/** What the loop needs and whom it tells. */
export interface LoopOptions extends EngineOptions {
  model: tf.LayersModel;
  /** What softmax trains along with the model. */
  head?: tf.LayersModel;
  configuration: Configuration;
  data: RunData;
  folder: RunFolder;
  /** How often at most a checkpoint is written while training goes on. */
  checkpointSeconds: number;
  /** How many times on the way the embeddings of the test images are kept. */
  snapshots: number;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** What training leaves behind. */
export interface LoopResult {
  /** The weights of network and head, and the optimiser's state. */
  state: NamedArrays;
  /** The test set under the finished network, and its averages. */
  test: Embedded;
}

/**
 * Trains to the configured number of steps, from the folder's checkpoint if there is one, and writes
 * the metrics. However often it is cut off and resumed, the numbers are those of an uncut run.
 *
 * @throws AbortError, after writing a checkpoint, when the signal aborts, be it during an evaluation;
 *   Error when the loss is no longer finite
 */
export async function trainingLoop(options: LoopOptions): Promise<LoopResult> {
  const { model, head, configuration, data, folder, checkpointSeconds } = options;
  const { engine, threads, signal, onProgress } = options;
  const pictured = snapshotSteps(configuration.steps, options.snapshots);
  const reported = withGeometry(objective(configuration));
  const trainer = new Trainer({
    model,
    head,
    objective: reported,
    optimiser: { learningRate: configuration.learningRate },
    images: data.train,
    batches: buildSampler(configuration, data),
    engine,
    threads,
  });
  const position = restore(trainer, folder);
  let newest: StepMetrics | undefined;
  const save = (): void =>
    writeCheckpoint(folder.file('checkpoint.bin'), { progress: position, arrays: trainer.state() });
  const look = (images: ImageSet): Promise<Embedded> => {
    trainer.state();
    const { step } = position;
    return assess(images, { model, head, objective: reported, step, engine, threads, signal });
  };
  try {
    let validation: Embedded | undefined;
    let saved = Date.now();
    while (position.step < configuration.steps || position.unevaluated) {
      signal?.throwIfAborted();
      if (!position.unevaluated) {
        if (pictured.has(position.step)) {
          writeSnapshot(folder, position.step, (await look(data.test)).embeddings);
        }
        const metrics = await trainer.train(position.step);
        accumulate(position, metrics);
        const due = (every: number): boolean =>
          position.step % every === 0 || position.step === configuration.steps;
        if (due(configuration.logEvery)) logTraining(folder, position, metrics);
        position.unevaluated = due(configuration.evaluateEvery);
        newest = metrics;
      }
      validation = undefined;
      if (position.unevaluated) {
        validation = await look(data.validation);
        const values = validation.averages;
        folder.appendMetrics({ step: position.step, split: 'validation', values });
        position.unevaluated = false;
      }
      if (Date.now() - saved >= 1000 * checkpointSeconds) {
        save();
        saved = Date.now();
      }
      onProgress?.({
        label: configuration.name,
        done: position.step,
        total: configuration.steps,
        unit: 'step',
        metrics: newest,
      });
    }
    const seen = data.validation === data.test ? validation : undefined;
    return { state: trainer.state(), test: seen ?? (await look(data.test)) };
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason) throw error;
    save();
    throw interruption(position.step, configuration.steps, signal);
  } finally {
    await trainer.dispose();
  }
}

function restore(trainer: Trainer, folder: RunFolder): Position {
  if (!folder.has('checkpoint.bin')) {
    folder.keepMetrics(() => false);
    return { step: 0, sums: {}, count: 0 };
  }
  const path = folder.file('checkpoint.bin');
  const { progress, arrays } = readCheckpoint<Position>(path);
  if (!(Number.isSafeInteger(progress?.step) && progress.step >= 0 && progress.sums)) {
    throw new Error(`training: ${path} has no position: delete the file to start afresh`);
  }
  trainer.restore(arrays);
  const { step: reached, unevaluated } = progress;
  folder.keepMetrics(
    ({ step, split }) =>
      step < reached || (step === reached && !(unevaluated && split === 'validation')),
  );
  return progress;
}

function accumulate(position: Position, metrics: StepMetrics): void {
  position.step++;
  position.count++;
  requireFiniteMetrics(metrics, position.step);
  for (const [name, value] of Object.entries(metrics)) {
    position.sums[name] = (position.sums[name] ?? 0) + value;
  }
}

/** Writes the last batch's metrics, as the studies did, and the true averages since the last line. */
function logTraining(folder: RunFolder, position: Position, metrics: StepMetrics): void {
  const values: Record<string, number> = { ...metrics };
  for (const [name, sum] of Object.entries(position.sums)) {
    values[`mean ${name}`] = sum / position.count;
  }
  folder.appendMetrics({ step: position.step, split: 'train', values });
  position.sums = {};
  position.count = 0;
}

function interruption(step: number, steps: number, signal: AbortSignal): Error {
  const error = new Error(
    `training was interrupted at step ${step} of ${steps}; its checkpoint is kept. ` +
      'Run the same configuration again to go on from there',
    { cause: signal.reason },
  );
  error.name = 'AbortError';
  return error;
}
