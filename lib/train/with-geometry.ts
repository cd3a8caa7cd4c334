import { embeddingGeometry } from '../loss/embedding-geometry';
import type { Objective } from './objective';

/**
 * An objective that also reports how the embeddings lie in space. The loss, and so the training, stays
 * what it is. batch_hard's own hardestPositive and hardestNegative give way to those of
 * `embeddingGeometry`, which mean the same for every strategy: never squared, and over the anchors
 * that have a positive or a negative.
 */
export function withGeometry(objective: Objective): Objective {
  return (embeddings, labels, logits) => ({
    ...objective(embeddings, labels, logits),
    ...embeddingGeometry(embeddings, labels),
  });
}
