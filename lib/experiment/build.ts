import type * as tf from '@tensorflow/tfjs';
import { balancedBatches } from '../data/balanced-batches';
import { bufferShuffledBatches } from '../data/buffer-shuffled-batches';
import { classOrder } from '../data/class-order';
import type { Dataset } from '../data/dataset';
import type { Sampler } from '../data/sampler';
import { shuffledBatches } from '../data/shuffled-batches';
import { classificationHead } from '../model/classification-head';
import { fashionNetwork } from '../model/fashion-network';
import { mnistNetwork } from '../model/mnist-network';
import type { Configuration } from './configuration';

/** The network that a configuration describes, with its initial weights. */
export function buildNetwork({
  network,
  blocks,
  dimension,
  seed,
}: Pick<Configuration, 'network' | 'blocks' | 'dimension' | 'seed'>): tf.LayersModel {
  return network === 'fashion'
    ? fashionNetwork({ seed, dimension })
    : mnistNetwork({ seed, blocks, dimension });
}

/** The head that a configuration trains with its network: softmax alone has one. */
export function buildHead({
  strategy,
  dimension,
  seed,
}: Pick<Configuration, 'strategy' | 'dimension' | 'seed'>): tf.LayersModel | undefined {
  if (strategy !== 'softmax') return undefined;
  // The layers of a network start from seed to seed + 3: the head's kernel repeats none of them.
  return classificationHead({ seed: seed + 4, dimension });
}

/**
 * The sampler of training batches that a configuration describes.
 *
 * @throws RangeError when `train` has too few classes, or images of a class, for a balanced batch
 */
export function buildSampler(
  { sampling, classesPerBatch, shuffleBuffer, batchSize, seed }: Configuration,
  { train }: Pick<Dataset, 'train'>,
): Sampler {
  const { count, labels } = train;
  switch (sampling) {
    case 'shuffled':
      return shuffledBatches(count, { batchSize, seed });
    case 'class_ordered':
      return bufferShuffledBatches(classOrder(labels), { batchSize, buffer: shuffleBuffer, seed });
    case 'balanced': {
      const images = batchSize / classesPerBatch;
      return balancedBatches(labels, { classes: classesPerBatch, images, seed });
    }
  }
}
