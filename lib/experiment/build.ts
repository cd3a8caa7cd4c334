import type * as tf from '@tensorflow/tfjs';
import { balancedBatches } from '../data/balanced-batches';
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

/** The sampler of training batches that a configuration describes. */
export function buildSampler(
  { sampling, batchSize, seed }: Configuration,
  { train, classNames }: Dataset,
): Sampler {
  if (sampling === 'shuffled') return shuffledBatches(train.count, { batchSize, seed });
  const classes = classNames.length;
  if (batchSize % classes !== 0) {
    throw new RangeError(
      `buildSampler: a balanced batch needs a batchSize divisible by ${classes} classes, got ${batchSize}`,
    );
  }
  return balancedBatches(train.labels, { classes, images: batchSize / classes, seed });
}
