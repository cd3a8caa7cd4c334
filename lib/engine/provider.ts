import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Graph } from './graph';
import { binaryFolder, onnxruntime, onnxruntimeProblem } from './onnxruntime';
import { encodeModel } from './onnx-model';

/** The execution providers of onnxruntime that steps can be compiled for. */
export type Provider = 'cpu' | 'webgpu' | 'cuda';

/** A GPU driver that takes longer than this to add two numbers is of no use. */
const PATIENCE_MILLISECONDS = 60_000;

const found = new Map<Provider, Promise<string | undefined>>();

/**
 * Why a provider cannot run a graph on this machine, as a clause; undefined when it can. A provider
 * that is bundled may still lack its device or its driver, so a graph of one node is really run: once
 * per process, in a process of its own, for a driver may crash, hang or write to the terminal.
 */
export function providerProblem(provider: Provider): Promise<string | undefined> {
  const problem = found.get(provider) ?? examine(provider);
  found.set(provider, problem);
  return problem;
}

async function examine(provider: Provider): Promise<string | undefined> {
  const missing = onnxruntimeProblem();
  if (missing !== undefined) return missing;
  if (
    !onnxruntime()
      .listSupportedBackends()
      .some(({ name }) => name === provider)
  ) {
    return `onnxruntime-node has no ${provider} provider for ${process.platform} ${process.arch}`;
  }
  const library = join(binaryFolder() ?? '', 'libonnxruntime_providers_cuda.so');
  if (provider === 'cuda' && !existsSync(library)) {
    return (
      'the CUDA provider is not installed (it is a download of its own: ' +
      'ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node)'
    );
  }
  return runOneNode(provider);
}

/** Reads the model from its arguments, and prints nothing but the reason when it cannot be run. */
const PROGRAM = `
const [path, provider, model] = process.argv.slice(1);
const { InferenceSession, Tensor } = require(path);
const fail = (error) => { console.log(error.message); process.exit(1); };
InferenceSession.create(Buffer.from(model, 'base64'), { executionProviders: [provider] })
  .then((session) => session.run({ x: new Tensor('float32', [2], [1]) }))
  .then(({ y }) => y.data[0] === 4 ? process.exit(0) : fail(new Error('2 + 2 is ' + y.data[0])))
  .catch(fail);
`;

function runOneNode(provider: Provider): Promise<string | undefined> {
  const path = createRequire(__filename).resolve('onnxruntime-node');
  const model = Buffer.from(oneNode()).toString('base64');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['-e', PROGRAM, path, provider, model],
      { timeout: PATIENCE_MILLISECONDS },
      (error, output) => {
        if (!error) resolve(undefined);
        else if (error.signal) resolve(`the process that tried it ended with ${error.signal}`);
        else resolve(reasonIn(output) || `the process that tried it failed: ${error.message}`);
      },
    );
  });
}

/** What onnxruntime says, without the place in its source that it puts in front. */
function reasonIn(output: string): string {
  const [line] = output.trim().split('\n');
  return line.replace(/^.*\.(?:cc|h):\d+ .*? was false\. /, '').replace(/\.$/, '');
}

/** The model y = x + x. */
function oneNode(): Uint8Array {
  const graph = new Graph();
  const type = { shape: [1], dtype: 'float32' } as const;
  const x = graph.input('x', type);
  return encodeModel(graph, { y: graph.node('Add', [x, x], type) });
}
