import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { pytorchVersion } from './side';

/** What was measured on, as far as it matters to the figures. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGigabytes: number;
  node: string;
  onnxruntime: string;
  tfjs: string;
  /** null: not installed. */
  pytorch: string | null;
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? process.arch,
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 1e9),
    node: process.versions.node,
    onnxruntime: versionOf('onnxruntime-node'),
    tfjs: versionOf('@tensorflow/tfjs'),
    pytorch: pytorchVersion() ?? null,
  };
}

function versionOf(name: string): string {
  const path = require.resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

/** A machine in one line. */
export function describeMachine(machine: Machine): string {
  const { cpu, cores, memoryGigabytes, node, onnxruntime, tfjs, pytorch } = machine;
  return [
    `${cpu}, ${cores} cores, ${memoryGigabytes} GB`,
    `Node ${node}`,
    `onnxruntime ${onnxruntime}`,
    `tfjs ${tfjs}`,
    pytorch === null ? 'no PyTorch' : `PyTorch ${pytorch}`,
  ].join('; ');
}
