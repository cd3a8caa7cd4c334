import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../data/write-atomically';
import { writeCheckpoint } from '../train/checkpoint';
import { embed, type EmbedOptions } from '../train/embedder';
import { configuration } from './configuration';
import { recordedHash, trainingRevision } from './identity';
import { runData } from './run-data';
import { checkedEnvironment } from './run-files';
import { RunFolder } from './run-folder';
import type { RunPlace } from './run-place';
import { loadNetwork } from './trained-network';

/**
 * The files of a run that are published, the one that marks it as finished last. The embeddings are
 * not among them: they are large, and follow from the weights.
 */
const PUBLISHED_FILES = [
  'config.json',
  'environment.json',
  'metrics.jsonl',
  'weights.bin',
  'summary.json',
];

/** What is known of a run beyond its training, where it is known. */
const OPTIONAL_FILES = ['evaluation.json'];

/**
 * Keeps a finished run under its name in `publishedFolder`, in the place of what is there under that
 * name.
 *
 * @returns the path of the published run
 * @throws Error when the run is not finished
 */
export function publishRun(path: string, publishedFolder: string): string {
  const folder = new RunFolder(path);
  const { name } = folder.readJson('config.json', (value) => configuration(value as object));
  const published = new RunFolder(join(publishedFolder, name));
  for (const file of OPTIONAL_FILES) published.remove(file);
  copyFiles(folder, published);
  return published.path;
}

/**
 * Makes a finished run of a published one with the same identity: copies its files and embeds the
 * test images anew.
 *
 * @param publishedFolder holds a folder for each published run, under the run's name
 * @param place of the run, which is not finished yet
 * @returns whether there was such a run
 * @throws Error naming the file when a published run is damaged
 */
export async function adoptPublishedRun(
  publishedFolder: string,
  { config, dataset, hash, folder }: RunPlace,
  options: Pick<EmbedOptions, 'signal' | 'onProgress'> = {},
): Promise<boolean> {
  const published = new RunFolder(join(publishedFolder, config.name));
  if (!PUBLISHED_FILES.every((name) => published.has(name))) return false;
  if (hashOf(published) !== hash) return false;
  const network = loadNetwork({ config, directory: published.path });
  try {
    const { embeddings } = await embed(network, runData(dataset, config).test, options);
    const { data, shape } = embeddings;
    const arrays = { test: { data, shape: [...shape] } };
    writeCheckpoint(folder.file('embeddings.bin'), { progress: {}, arrays });
  } finally {
    network.dispose();
  }
  copyFiles(published, folder);
  return true;
}

function copyFiles(from: RunFolder, to: RunFolder): void {
  for (const name of [...OPTIONAL_FILES.filter((file) => from.has(file)), ...PUBLISHED_FILES]) {
    writeAtomically(to.file(name), readFileSync(from.file(name)));
  }
}

/** What identifies a published run here; undefined when another revision trained it. */
function hashOf(published: RunFolder): string | undefined {
  const environment = published.readJson('environment.json', checkedEnvironment);
  // The settings of another revision need not be settings of this one.
  if (environment.trainingRevision !== trainingRevision) return undefined;
  const config = published.readJson('config.json', (value) => configuration(value as object));
  return recordedHash(config, environment);
}
