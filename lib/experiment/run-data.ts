import { type Dataset, type ImageSet, subset } from '../data/dataset';
import { inverted } from '../data/inverted';
import { stratifiedSplit } from '../data/stratified-split';
import type { Configuration } from './configuration';

/** The images of a run. */
export interface RunData extends Dataset {
  /** What is trained on: without what is held out. */
  train: ImageSet;
  /** What evaluations during training look at: the held-out images, or else the test set itself. */
  validation: ImageSet;
}

/** A dataset as the network of a configuration sees it: inverted, if that is configured. */
export function preparedImages(dataset: Dataset, config: Pick<Configuration, 'inverted'>): Dataset {
  if (!config.inverted) return dataset;
  const stretch = config.inverted === 'stretched';
  return {
    ...dataset,
    train: inverted(dataset.train, { stretch }),
    test: inverted(dataset.test, { stretch }),
  };
}

/**
 * The images that a configuration trains on, validates with and tests on. What is held out for
 * validation is drawn from the training images, the same share of every class.
 *
 * @throws RangeError when validationShare leaves nothing to train on or nothing to validate with
 */
export function runData(
  dataset: Dataset,
  config: Pick<Configuration, 'inverted' | 'validationShare' | 'seed'>,
): RunData {
  const prepared = preparedImages(dataset, config);
  if (config.validationShare === 0) return { ...prepared, validation: prepared.test };
  const { train, validation } = stratifiedSplit(prepared.train.labels, config);
  return {
    ...prepared,
    train: subset(prepared.train, train),
    validation: subset(prepared.train, validation),
  };
}
