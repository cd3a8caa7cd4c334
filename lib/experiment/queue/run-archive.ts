import { existsSync, readFileSync } from 'node:fs';
import { writeAtomically } from '../../data/write-atomically';
import { decodeCheckpoint } from '../../train/checkpoint';
import { configuration } from '../configuration';
import type { Environment } from '../environment';
import { recordedHash } from '../identity';
import type { RunFolder } from '../run-folder';
import type { RunPlace } from '../run-place';
import type { Summary } from '../summary';
import { packFiles, unpackFiles } from './archive';

/** What there is of a training that has failed. */
const RECORD_FILES = ['config.json', 'environment.json', 'metrics.jsonl'];

/** A finished run, the file that marks it as finished last. */
const RUN_FILES = [...RECORD_FILES, 'weights.bin', 'embeddings.bin', 'summary.json'];

/** What a run may have besides. */
const OPTIONAL_FILES = ['evaluation.json'];

/** What a training goes on from; in this order no line of the metrics is missing to the checkpoint. */
const CHECKPOINT_FILES = ['checkpoint.bin', 'metrics.jsonl'];

/**
 * A finished run as one piece.
 *
 * @throws Error when a file is missing; RangeError when it is too large
 */
export function packRun(folder: RunFolder): Buffer {
  return pack(folder, [...OPTIONAL_FILES.filter((name) => folder.has(name)), ...RUN_FILES]);
}

/** What is on record of a training that has failed; nothing may be. */
export function packRecord(folder: RunFolder): Buffer {
  return pack(
    folder,
    RECORD_FILES.filter((name) => folder.has(name)),
  );
}

/** The newest checkpoint of a training, which may go on meanwhile; undefined where there is none. */
export function packCheckpoint(folder: RunFolder): Buffer | undefined {
  return CHECKPOINT_FILES.every((name) => folder.has(name))
    ? pack(folder, CHECKPOINT_FILES)
    : undefined;
}

/**
 * Puts a run that was trained elsewhere into its place, unless that holds one. A reader, and a crash at
 * any moment, sees a finished run or none: the file that marks it as finished is written last.
 *
 * @throws Error when the archive is not of this run, or damaged: nothing is written then; or when
 *   the folder cannot be written
 */
export async function receiveRun(
  place: RunPlace,
  archive: Buffer,
  signal?: AbortSignal,
): Promise<void> {
  const { config, folder } = place;
  const what = `the archive of ${config.name}-${place.hash}`;
  const files = unpackFiles(what, archive, [...OPTIONAL_FILES, ...RUN_FILES]);
  requireIdentity(what, files, place);
  await folder.exclusively(() => {
    if (folder.has('summary.json')) return Promise.resolve();
    writeFiles(place, files, [...OPTIONAL_FILES, ...RUN_FILES]);
    folder.remove('checkpoint.bin');
    return Promise.resolve();
  }, signal);
}

/** Puts what is on record of a failed training into its place, unless that holds a finished run. */
export async function receiveRecord(
  place: RunPlace,
  archive: Buffer,
  signal?: AbortSignal,
): Promise<void> {
  const { config, hash, folder } = place;
  const files = unpackFiles(`the record of ${config.name}-${hash}`, archive, RECORD_FILES);
  await folder.exclusively(() => {
    if (folder.has('summary.json')) return Promise.resolve();
    writeFiles(place, files, RECORD_FILES);
    return Promise.resolve();
  }, signal);
}

/** Writes those of the files that there are, in the order of the names. */
function writeFiles(
  { config, folder }: RunPlace,
  files: ReadonlyMap<string, Buffer>,
  names: readonly string[],
): void {
  for (const name of names.filter((file) => files.has(file))) {
    // Whoever had it trained may have called it by another name.
    if (name === 'config.json') folder.writeJson(name, config);
    else writeAtomically(folder.file(name), files.get(name)!);
  }
}

/**
 * Puts a checkpoint into its place, unless that holds a finished run or one as far.
 *
 * @throws Error when the archive holds no checkpoint, or the folder cannot be written
 */
export async function receiveCheckpoint(
  { config, hash, folder }: RunPlace,
  archive: Buffer,
  signal?: AbortSignal,
): Promise<void> {
  const what = `the checkpoint of ${config.name}-${hash}`;
  const files = unpackFiles(what, archive, CHECKPOINT_FILES);
  requireFiles(what, files, CHECKPOINT_FILES);
  const step = stepOf(what, files.get('checkpoint.bin')!);
  await folder.exclusively(() => {
    if (folder.has('summary.json') || stepReached(folder) >= step) return Promise.resolve();
    for (const name of [...CHECKPOINT_FILES].reverse()) {
      writeAtomically(folder.file(name), files.get(name)!);
    }
    return Promise.resolve();
  }, signal);
}

/** The step of the checkpoint in a folder; -1 where there is none that can be read. */
export function stepReached(folder: RunFolder): number {
  const path = folder.file('checkpoint.bin');
  if (!existsSync(path)) return -1;
  try {
    return stepOf(path, readFileSync(path));
  } catch {
    return -1;
  }
}

/** The step of a packed checkpoint; -1 when it is none. */
export function stepPacked(archive: Buffer): number {
  try {
    const files = unpackFiles('checkpoint', archive, CHECKPOINT_FILES);
    return stepOf('checkpoint', files.get('checkpoint.bin')!);
  } catch {
    return -1;
  }
}

function pack(folder: RunFolder, names: readonly string[]): Buffer {
  const files = names.map((name) => [name, readFileSync(folder.file(name))] as const);
  return packFiles(`the archive of ${folder.path}`, new Map(files));
}

function stepOf(what: string, checkpoint: Buffer): number {
  const { step } = decodeCheckpoint<{ step: unknown }>(what, checkpoint).progress;
  if (Number.isSafeInteger(step)) return step as number;
  throw new Error(`${what} is refused: it says no step`);
}

function requireFiles(what: string, files: ReadonlyMap<string, Buffer>, names: string[]): void {
  const missing = names.filter((name) => !files.has(name));
  if (missing.length > 0) throw new Error(`${what} is refused: ${missing.join(', ')} missing`);
}

/** @throws Error when the files are not those of a finished run that belongs in this place */
function requireIdentity(
  what: string,
  files: ReadonlyMap<string, Buffer>,
  { config, hash }: RunPlace,
): void {
  requireFiles(what, files, RUN_FILES);
  const parsed = (name: string): unknown => JSON.parse(files.get(name)!.toString());
  let found: string | undefined;
  let steps: unknown;
  try {
    const trained = configuration(parsed('config.json') as object);
    found = recordedHash(trained, parsed('environment.json') as Environment);
    steps = (parsed('summary.json') as Summary).steps;
  } catch (error) {
    throw new Error(`${what} is refused: ${(error as Error).message}`, { cause: error });
  }
  if (found !== hash) {
    throw new Error(
      `${what} is refused: it is of another run (${found ?? 'of another revision'}, not ${hash})`,
    );
  }
  if (steps !== config.steps) {
    throw new Error(`${what} is refused: it has ${String(steps)} of ${config.steps} steps`);
  }
}
