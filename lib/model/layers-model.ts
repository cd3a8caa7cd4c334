import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { firstLine } from '../data/first-line';
import { writeAtomically } from '../data/write-atomically';
// The class has to be registered before a network that uses it is read.
import './l2-normalisation';

const MODEL = 'model.json';
const WEIGHTS = 'weights.bin';

/** Bytes of one value, for the types that weights have. */
const BYTES: Record<string, number> = { float32: 4, int32: 4, bool: 1 };

/**
 * Writes a network to a folder as tfjs does for the web: model.json (the layers, and a list of the
 * weights) and weights.bin (their values). tf.loadLayersModel reads it from a server, and
 * `loadLayersModel` from the folder. The folder is made if it is missing.
 *
 * @throws Error when the folder cannot be written
 */
export async function exportLayersModel(model: tf.LayersModel, folder: string): Promise<void> {
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      const { modelTopology, weightSpecs, weightData, format, generatedBy } = artifacts;
      const weights = tf.io.CompositeArrayBuffer.join(weightData);
      const manifest = [{ paths: [WEIGHTS], weights: weightSpecs }];
      const description = {
        format,
        generatedBy,
        convertedBy: null,
        modelTopology,
        weightsManifest: manifest,
      };
      writeAtomically(join(folder, WEIGHTS), new Uint8Array(weights));
      writeAtomically(join(folder, MODEL), JSON.stringify(description));
      const info = { dateSaved: new Date(), modelTopologyType: 'JSON' as const };
      return Promise.resolve({ modelArtifactsInfo: info });
    }),
  );
}

/**
 * Reads a network from a folder that `exportLayersModel`, or tfjs itself, wrote.
 *
 * @throws Error naming the file when one is missing, damaged, or describes no network of known layers
 */
export async function loadLayersModel(folder: string): Promise<tf.LayersModel> {
  const path = join(folder, MODEL);
  const description = readDescription(path);
  const artifacts = await tf.io.getModelArtifactsForJSON(description, (manifest) =>
    Promise.resolve(readWeights(folder, manifest)),
  );
  try {
    return await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  } catch (error) {
    throw new Error(`loadLayersModel: ${path} describes no network: ${firstLine(error)}`, {
      cause: error,
    });
  }
}

function readDescription(path: string): tf.io.ModelJSON {
  let description: Partial<tf.io.ModelJSON> | null;
  try {
    description = JSON.parse(readFileSync(path, 'utf8')) as Partial<tf.io.ModelJSON> | null;
  } catch (error) {
    throw new Error(`loadLayersModel: ${path} cannot be read: ${firstLine(error)}`, {
      cause: error,
    });
  }
  const { modelTopology, weightsManifest } = description ?? {};
  const groups: unknown[] = Array.isArray(weightsManifest) ? weightsManifest : [];
  if (typeof modelTopology !== 'object' || groups.length === 0 || !groups.every(isGroup)) {
    throw new Error(
      `loadLayersModel: ${path} must hold a modelTopology and a weightsManifest, as tfjs writes them`,
    );
  }
  return description as tf.io.ModelJSON;
}

function isGroup(group: unknown): boolean {
  const { paths, weights } = (group ?? {}) as { paths: unknown; weights: unknown };
  return (
    Array.isArray(paths) &&
    // A file beside model.json, and not just any of the machine.
    paths.every((path) => typeof path === 'string' && basename(path) === path) &&
    Array.isArray(weights) &&
    weights.every(isWeight)
  );
}

function isWeight(weight: unknown): boolean {
  const { name, shape, dtype } = (weight ?? {}) as Record<string, unknown>;
  return (
    typeof name === 'string' &&
    Object.keys(BYTES).includes(String(dtype)) &&
    Array.isArray(shape) &&
    shape.every((n) => Number.isSafeInteger(n) && n >= 0)
  );
}

function readWeights(
  folder: string,
  manifest: tf.io.WeightsManifestConfig,
): [tf.io.WeightsManifestEntry[], ArrayBuffer] {
  const specs = manifest.flatMap(({ weights }) => weights);
  const paths = manifest.flatMap((group) => group.paths.map((path) => join(folder, path)));
  const expected = specs
    .map(({ shape, dtype }) => shape.reduce((size, n) => size * n, BYTES[dtype]))
    .reduce((sum, size) => sum + size, 0);
  let bytes: Buffer;
  try {
    bytes = Buffer.concat(paths.map((path) => readFileSync(path)));
  } catch (error) {
    throw new Error(`loadLayersModel: the weights cannot be read: ${firstLine(error)}`, {
      cause: error,
    });
  }
  if (bytes.length !== expected) {
    throw new Error(
      `loadLayersModel: ${paths.join(', ')} must hold ${expected} bytes, got ${bytes.length}`,
    );
  }
  return [specs, new Uint8Array(bytes).buffer];
}
