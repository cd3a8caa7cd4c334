import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHeld } from '../../data/exclusively';
import { parseJson } from '../../data/parse-json';
import { requireCheckpoint } from '../../train/checkpoint';
import { configuration, type Configuration } from '../configuration';
import type { Environment } from '../environment';
import { checkedEnvironment, checkedMetricsLine, checkedSummary } from '../run-files';
import { RunFolder } from '../run-folder';
import type { Summary } from '../summary';

/** A run as its folder has it, without what is large. */
export interface RunEntry {
  /** The name of its folder. */
  id: string;
  /** The path of its folder. */
  path: string;
  /** Whether it lies among the published runs, which are kept by git. */
  isPublished: boolean;
  /** 'training': a process has its folder just now; 'unfinished': it was cut off, or has failed. */
  status: 'finished' | 'training' | 'unfinished';
  /** All its settings. */
  config: Configuration;
  /** Training steps on record. */
  stepsDone: number;
  /** Of a finished run only. */
  summary?: Summary;
  /** Where and with what it was trained; of a run that has begun. */
  environment?: Environment;
  /** When it was finished, or, of a published run, copied. */
  finishedAt?: Date;
}

/** A folder in the place of a run that none can be read from. */
export interface DamagedRun {
  /** The path of the folder. */
  path: string;
  /** Whether it lies among the published runs, which are kept by git. */
  isPublished: boolean;
  /** What is wrong: the file, what was found and what was expected. */
  reason: string;
}

/** What lies in a folder of runs. */
export interface Scan {
  runs: RunEntry[];
  damaged: DamagedRun[];
}

/** What the name of a run's folder may be: that of the run, a dash and its hash. */
const FOLDER_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** No run's metrics come near this: 256 MiB. */
const LARGEST_METRICS = 2 ** 28;

/** Files that a run is not finished without; a published one does not have the embeddings. */
const ARRAYS = ['weights.bin', 'embeddings.bin'];

/**
 * Reads the run folders in `folder`, in the order of their names. Nothing in them is trusted: every
 * file must be a plain one and hold what it should; of metrics only that all lines are whole, and of
 * arrays only their headers. What fails is reported as damaged with the reason. Folders that hold no
 * run yet, or were hidden by a name that begins with a dot, are passed over.
 *
 * @param read what is known of a run folder already: called with its path, and with what reads it
 */
export function scanRuns(
  folder: string,
  isPublished: boolean,
  read: (path: string, scan: () => RunEntry | undefined) => RunEntry | undefined = (_, scan) =>
    scan(),
): Scan {
  const runs: RunEntry[] = [];
  const damaged: DamagedRun[] = [];
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  for (const name of names.filter((name) => !name.startsWith('.'))) {
    const path = join(folder, name);
    try {
      const run = read(path, () => scanRun(path, name, isPublished));
      if (run !== undefined) runs.push(run);
    } catch (error) {
      // One that was removed since the folder was listed is no longer there to be damaged.
      if (!existsSync(path) && !isLink(path)) continue;
      damaged.push({ path, isPublished, reason: reasonOf(error, path) });
    }
  }
  return { runs, damaged };
}

/** @throws Error when it is damaged */
function scanRun(path: string, id: string, isPublished: boolean): RunEntry | undefined {
  const folder = new RunFolder(path);
  folder.requirePlain();
  if (!FOLDER_NAME.test(id)) throw new Error('its name is not that of a run');
  const isTraining = isHeld(path);
  if (!folder.has('config.json')) {
    const rest = readdirSync(path).filter((name) => name !== 'lock' && !name.endsWith('.tmp'));
    if (isTraining || rest.length === 0) return undefined;
    throw new Error('config.json is missing');
  }
  const config = folder.readJson('config.json', (value) => configuration(value as object));
  const environment = folder.has('environment.json')
    ? folder.readJson('environment.json', checkedEnvironment)
    : undefined;
  const stepsDone = lastStep(folder);
  const known = { id, path, isPublished, config, environment, stepsDone };
  if (!folder.has('summary.json')) {
    return { ...known, status: isTraining ? 'training' : 'unfinished' };
  }
  const summary = folder.readJson('summary.json', checkedSummary);
  if (environment === undefined) throw new Error('environment.json is missing');
  for (const name of ARRAYS) {
    // Some published runs are figures alone.
    if (!isPublished || folder.has(name)) requireCheckpoint(folder.file(name));
  }
  const finishedAt = lstatSync(folder.file('summary.json')).mtime;
  return { ...known, status: 'finished', stepsDone: summary.steps, summary, finishedAt };
}

/**
 * The step of the last line of the metrics; a line that was cut short is none.
 *
 * @throws Error when a line is not that of a JSON object
 */
function lastStep(folder: RunFolder): number {
  if (!folder.has('metrics.jsonl')) return 0;
  const path = folder.file('metrics.jsonl');
  const { size } = lstatSync(path);
  if (size > LARGEST_METRICS) throw new Error(`metrics.jsonl has ${size} bytes`);
  const bytes = readFileSync(path);
  let start = 0;
  let last: Buffer | undefined;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    if (bytes[start] !== 0x7b || bytes[end - 1] !== 0x7d) {
      throw new Error('metrics.jsonl has a line that is no JSON object');
    }
    last = bytes.subarray(start, end);
    start = end + 1;
  }
  return last === undefined ? 0 : checkedMetricsLine(parseJson(last.toString())).step;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** The words of an error without the path, which is said beside them. */
function reasonOf(error: unknown, path: string): string {
  return (error as Error).message
    .replaceAll(`${path}/`, '')
    .replaceAll(path, 'it')
    .replace(/: delete the run's folder to train it anew$/, '')
    .split('\n')[0]
    .slice(0, 300);
}
