import * as tf from '@tensorflow/tfjs';
import { firstLine } from '../data/first-line';

/**
 * Loads tfjs-node-gpu, and says as a clause why that does not work where it does not. It is
 * recognised by the backend that it registers: the package's name also resolves to a stand-in.
 */
export async function nativeTensorFlowProblem(): Promise<string | undefined> {
  if (tf.findBackendFactory('tensorflow')) return undefined;
  const [major] = process.versions.node.split('.').map(Number);
  if (major >= 23) return `tfjs-node-gpu 4.22 does not support Node ${major}, but 20 and 22`;
  const previous = tf.getBackend();
  try {
    // A name in a variable: the package is optional, so its types may be missing.
    const name = '@tensorflow/tfjs-node-gpu';
    await import(name);
  } catch (error) {
    return `tfjs-node-gpu does not load: ${firstLine(error).replace(/\.$/, '')}`;
  } finally {
    if (previous) await tf.setBackend(previous);
  }
  return tf.findBackendFactory('tensorflow') ? undefined : 'tfjs-node-gpu registers no backend';
}
