import { env } from '@tensorflow/tfjs';

/** Keeps tfjs from printing an advertisement for its native binding at the first eager operation. */
export function quietTensorFlow(): void {
  env().set('PROD', true);
}
