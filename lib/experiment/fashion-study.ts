import type { Configuration } from './configuration';

/**
 * What all runs of the Fashion-MNIST study have in common ("Softmax vs Triplet loss:
 * Fashion-MNIST"): its network and data; margin 0.5, batches of 64 and Adam are defaults. Its curves
 * have many points, so evaluations come every 2,500 steps.
 */
export const FASHION_STUDY: Partial<Configuration> = {
  dataset: 'fashion-mnist',
  network: 'fashion',
  margin: 0.5,
  evaluateEvery: 2_500,
  logEvery: 250,
};
