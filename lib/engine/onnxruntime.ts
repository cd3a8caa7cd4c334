import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { firstLine } from '../data/first-line';

type OnnxRuntime = typeof import('onnxruntime-node');

const HERE = `${process.platform} ${process.arch}`;
const requireHere = createRequire(__filename);

/**
 * onnxruntime-node, loaded at its first use: a platform that it has no binary for can still run steps
 * eagerly, and be told why.
 *
 * @throws Error when it does not load here; the message says why and what to use instead
 */
export function onnxruntime(): OnnxRuntime {
  const problem = onnxruntimeProblem();
  if (problem !== undefined) {
    throw new Error(`onnxruntime: ${problem}. Use engine: 'wasm', which needs no native code`);
  }
  return requireHere('onnxruntime-node') as OnnxRuntime;
}

/** Why onnxruntime-node does not load on this machine, as a clause; undefined when it does. */
export function onnxruntimeProblem(): string | undefined {
  try {
    requireHere('onnxruntime-node');
    return undefined;
  } catch (error) {
    const platforms = prebuiltPlatforms();
    if (platforms.length === 0) return 'the npm package onnxruntime-node is not installed';
    return platforms.includes(HERE)
      ? `onnxruntime-node does not load: ${firstLine(error)}`
      : `onnxruntime-node has binaries for ${platforms.join(', ')}, but none for ${HERE}`;
  }
}

/** The platforms, such as 'linux x64', that the installed onnxruntime-node has binaries for. */
export function prebuiltPlatforms(): string[] {
  return binaries().map(({ platform }) => platform);
}

/** Where this platform's binaries are; undefined when there are none. */
export function binaryFolder(): string | undefined {
  return binaries().find(({ platform }) => platform === HERE)?.folder;
}

/** The folders bin/napi-v<N>/<platform>/<architecture> of the package. */
function binaries(): { platform: string; folder: string }[] {
  let root: string;
  try {
    root = join(dirname(requireHere.resolve('onnxruntime-node/package.json')), 'bin');
  } catch {
    return [];
  }
  return foldersIn(root)
    .flatMap((version) => foldersIn(join(root, version)).map((platform) => join(version, platform)))
    .flatMap((path) =>
      foldersIn(join(root, path)).map((architecture) => ({
        platform: `${basename(path)} ${architecture}`,
        folder: join(root, path, architecture),
      })),
    );
}

function foldersIn(path: string): string[] {
  return existsSync(path) ? readdirSync(path).sort() : [];
}
