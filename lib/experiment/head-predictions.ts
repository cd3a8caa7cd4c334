import * as tf from '@tensorflow/tfjs';
import type { Run } from './run';
import { loadHead } from './trained-network';

/**
 * What a softmax run's own head takes the test images for: of every image the class with the largest
 * logit.
 *
 * @returns predicted labels, int32, in the order of the test images
 * @throws Error when the run was trained without a head, or its weights cannot be read
 */
export function headPredictions(run: Pick<Run, 'config' | 'directory' | 'embeddings'>): Int32Array {
  const head = loadHead(run);
  const { data, shape } = run.embeddings().embeddings;
  try {
    return tf.tidy(() => {
      const logits = head.predict(tf.tensor2d(data, shape)) as tf.Tensor2D;
      return Int32Array.from(logits.argMax(1).dataSync());
    });
  } finally {
    head.dispose();
  }
}
