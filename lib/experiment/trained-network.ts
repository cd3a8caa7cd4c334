import type * as tf from '@tensorflow/tfjs';
import { readCheckpoint } from '../train/checkpoint';
import { headWeights, namedWeights, restoreVariables } from '../train/trainer';
import { buildHead, buildNetwork } from './build';
import type { Run } from './run';

/**
 * The trained network of a run, from images to embeddings. Dispose of it after use.
 *
 * @throws Error naming the file when the run's weights are missing, damaged or another network's
 */
export function loadNetwork(run: Pick<Run, 'config' | 'directory'>): tf.LayersModel {
  return restoreModel('loadNetwork', run, buildNetwork(run.config), namedWeights);
}

/**
 * The trained head of a softmax run, from embeddings to logits. Dispose of it after use.
 *
 * @throws Error when the run was trained without a head, and as `loadNetwork` does
 */
export function loadHead(run: Pick<Run, 'config' | 'directory'>): tf.LayersModel {
  const head = buildHead(run.config);
  if (!head) {
    throw new Error(`loadHead: a softmax run has a head, got strategy '${run.config.strategy}'`);
  }
  return restoreModel('loadHead', run, head, headWeights);
}

function restoreModel(
  name: string,
  { directory }: Pick<Run, 'directory'>,
  model: tf.LayersModel,
  weights: (model: tf.LayersModel) => Record<string, tf.Variable>,
): tf.LayersModel {
  const path = `${directory}/weights.bin`;
  try {
    restoreVariables(weights(model), readCheckpoint(path).arrays);
  } catch (error) {
    model.dispose();
    throw new Error(`${name}: ${path}: ${(error as Error).message}`, { cause: error });
  }
  return model;
}
