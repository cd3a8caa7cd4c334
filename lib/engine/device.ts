import * as tf from '@tensorflow/tfjs';
import { listSupportedBackends } from 'onnxruntime-node';

/** How a step is run. */
export const ENGINES = [
  'auto',
  'compiled',
  'compiled-webgpu',
  'compiled-cuda',
  'tensorflow',
  'wasm',
  'cpu',
] as const;

/** One of `ENGINES`. */
export type Engine = (typeof ENGINES)[number];

/** An engine that was chosen, and why, for the record. */
export interface EngineChoice {
  engine: Exclude<Engine, 'auto'>;
  reason: string;
}

/** What `compile` accepts. */
export interface EngineOptions {
  /**
   * 'compiled' (default): one ONNX graph on the CPU; 'compiled-webgpu', 'compiled-cuda': the same
   * graph on a GPU; 'tensorflow', 'wasm', 'cpu': eagerly on that tfjs backend; 'auto': a CUDA GPU
   * through tfjs-node-gpu if there is one, else 'compiled'.
   */
  engine?: Engine;
  /** Threads inside one operation, of a compiled step or of the wasm backend. Default 1. */
  threads?: number;
}

/**
 * The engine that a request comes down to on this machine.
 *
 * @param threads of the wasm backend, where that is the engine
 * @throws Error when an engine was asked for by name and cannot run here; the message says why
 */
export async function chooseEngine(
  requested: Engine = 'compiled',
  threads = 1,
): Promise<EngineChoice> {
  switch (requested) {
    case 'auto': {
      const missing = await nativeTensorFlowMissing();
      return missing === undefined
        ? { engine: 'tensorflow', reason: 'auto: tfjs-node-gpu loads on this machine' }
        : { engine: 'compiled', reason: `auto: no native TensorFlow (${missing})` };
    }
    case 'tensorflow': {
      const missing = await nativeTensorFlowMissing();
      if (missing !== undefined) throw unavailable(requested, missing);
      break;
    }
    case 'compiled-webgpu':
    case 'compiled-cuda': {
      const provider = requested.slice('compiled-'.length);
      const backend = listSupportedBackends().find(({ name }) => name === provider);
      if (!backend?.bundled) {
        throw unavailable(requested, `onnxruntime-node brings no ${provider} provider here`);
      }
      break;
    }
    case 'wasm':
      (await import('./wasm-filter-gradient.js')).completeWasmBackend(threads);
      break;
    case 'compiled':
    case 'cpu':
      break;
    default:
      throw new RangeError(
        `chooseEngine: engine must be one of ${ENGINES.join(', ')}, got '${String(requested)}'`,
      );
  }
  return { engine: requested, reason: 'as configured' };
}

function unavailable(engine: Engine, reason: string): Error {
  return new Error(
    `chooseEngine: the engine '${engine}' cannot run on this machine: ${reason}. ` +
      "Use engine: 'compiled', which runs everywhere",
  );
}

/**
 * Loads tfjs-node-gpu, and says in words why that does not work where it does not. It is recognised
 * by the backend that it registers: the package's name also resolves to a stand-in.
 */
async function nativeTensorFlowMissing(): Promise<string | undefined> {
  if (tf.findBackendFactory('tensorflow')) return undefined;
  const [major] = process.versions.node.split('.').map(Number);
  if (major >= 23) return `tfjs-node-gpu 4.22 does not support Node ${major}`;
  const previous = tf.getBackend();
  try {
    // A name in a variable: the package is optional, so its types may be missing.
    const name = '@tensorflow/tfjs-node-gpu';
    await import(name);
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    return `tfjs-node-gpu does not load: ${line}`;
  } finally {
    if (previous) await tf.setBackend(previous);
  }
  return tf.findBackendFactory('tensorflow') ? undefined : 'tfjs-node-gpu registers no backend';
}
