import { ENGINES, type Engine, type EngineChoice } from './engines';
import { nativeTensorFlowProblem } from './native-tensorflow';
import { onnxruntimeProblem } from './onnxruntime';
import { providerProblem } from './provider';

/** What `compile` accepts. */
export interface EngineOptions {
  /**
   * 'compiled' (default): one ONNX graph on the CPU; 'compiled-webgpu', 'compiled-cuda': the same
   * graph on a GPU; 'tensorflow', 'wasm', 'cpu': eagerly on that tfjs backend; 'auto': a CUDA GPU
   * through tfjs-node-gpu if there is one, else 'compiled', and 'wasm' where onnxruntime has no binary.
   */
  engine?: Engine;
  /** Threads inside one operation, of a compiled step or of the wasm backend. Default 1. */
  threads?: number;
}

/**
 * The engine that a request comes down to on this machine. An engine asked for by name is tried: a
 * GPU by running a graph of one node on it. 'auto' always comes down to something.
 *
 * @param threads of the wasm backend, where that is the engine
 * @throws RangeError when there is no such engine; Error when an engine was asked for by name and
 *   cannot run here: the message says why
 */
export async function chooseEngine(
  requested: Engine = 'compiled',
  threads = 1,
): Promise<EngineChoice> {
  if (!ENGINES.includes(requested)) {
    throw new RangeError(
      `chooseEngine: engine must be one of ${ENGINES.join(', ')}, got '${String(requested)}'`,
    );
  }
  const choice = requested === 'auto' ? await best() : await asRequested(requested);
  if (choice.engine === 'wasm') {
    (await import('./wasm-filter-gradient.js')).completeWasmBackend(threads);
  }
  return choice;
}

/** The fastest engine that needs nothing but what is here, and why the faster ones are not it. */
async function best(): Promise<EngineChoice> {
  const noTensorFlow = await nativeTensorFlowProblem();
  if (noTensorFlow === undefined) {
    return { engine: 'tensorflow', reason: 'auto: tfjs-node-gpu loads on this machine' };
  }
  const noOnnxRuntime = onnxruntimeProblem();
  return noOnnxRuntime === undefined
    ? { engine: 'compiled', reason: `auto: no native TensorFlow (${noTensorFlow})` }
    : { engine: 'wasm', reason: `auto: no compiled graphs (${noOnnxRuntime}); ${noTensorFlow}` };
}

async function asRequested(engine: EngineChoice['engine']): Promise<EngineChoice> {
  const problem = await engineProblem(engine);
  if (problem === undefined) return { engine, reason: 'as configured' };
  const other = onnxruntimeProblem() === undefined ? 'compiled' : 'wasm';
  throw new Error(
    `chooseEngine: the engine '${engine}' cannot run on this machine: ${problem}. ` +
      `Use engine: '${other}', which can`,
  );
}

/** Why an engine cannot run on this machine, as a clause; undefined when it can. */
async function engineProblem(engine: EngineChoice['engine']): Promise<string | undefined> {
  switch (engine) {
    case 'compiled':
      return onnxruntimeProblem();
    case 'compiled-webgpu':
      return providerProblem('webgpu');
    case 'compiled-cuda':
      return providerProblem('cuda');
    case 'tensorflow':
      return nativeTensorFlowProblem();
    case 'wasm':
    case 'cpu':
      return undefined;
  }
}
