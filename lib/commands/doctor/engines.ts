import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { convolutionBlockSize } from '../../engine/block-size';
import { compile } from '../../engine/compile';
import { chooseEngine } from '../../engine/device';
import { nativeTensorFlowProblem } from '../../engine/native-tensorflow';
import { prebuiltPlatforms } from '../../engine/onnxruntime';
import { providerProblem, type Provider } from '../../engine/provider';
import { missing, ok, optional, type Finding, type Question } from './check';

const requireHere = createRequire(__filename);

/** What training steps can run on, and what they would. */
export const ENGINES: Question[] = [
  { what: 'onnxruntime', essential: true, look: onnxruntime },
  { what: 'WebGPU', look: () => gpu('webgpu') },
  { what: 'CUDA', look: () => gpu('cuda') },
  { what: 'Native TensorFlow', look: nativeTensorFlow },
  { what: 'WebAssembly', look: webAssembly },
  { what: "Engine 'auto'", look: automatic },
];

async function onnxruntime(): Promise<Finding> {
  const problem = await providerProblem('cpu');
  if (problem !== undefined) return missing(`${problem}; without it, engine: 'wasm' still trains`);
  const block = await convolutionBlockSize();
  const convolutions = block
    ? `convolutions in blocks of ${block} channels`
    : "by ONNX's own operators, for it has no faster convolutions for this processor";
  return ok(
    `${versionOf('onnxruntime-node')} runs graphs on the CPU: engine 'compiled', the default, ` +
      `${convolutions} (binaries for ${prebuiltPlatforms().join(', ')}; elsewhere engine 'wasm' trains)`,
  );
}

async function gpu(provider: Provider): Promise<Finding> {
  const problem = await providerProblem(provider);
  return problem === undefined
    ? ok(`runs graphs: engine 'compiled-${provider}'`)
    : optional(`not usable: ${problem}`);
}

async function nativeTensorFlow(): Promise<Finding> {
  const problem = await nativeTensorFlowProblem();
  return problem === undefined
    ? ok("tfjs-node-gpu loads: engine 'tensorflow'")
    : optional(`not usable: ${problem}`);
}

async function webAssembly(): Promise<Finding> {
  const signature = { inputs: { x: { shape: [1], dtype: 'float32' as const } } };
  const step = await compile(({ x }) => ({ y: x.add(x) }), signature, { engine: 'wasm' });
  await step.run({ x: Float32Array.of(2) });
  await step.dispose();
  return ok(`tfjs ${versionOf('@tensorflow/tfjs-backend-wasm')} runs steps: engine 'wasm'`);
}

async function automatic(): Promise<Finding> {
  const { engine, reason } = await chooseEngine('auto');
  return ok(`is '${engine}' here: ${reason.replace(/^auto: /, '')}`);
}

function versionOf(name: string): string {
  const path = requireHere.resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
