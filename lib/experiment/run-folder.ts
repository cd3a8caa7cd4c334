import { appendFileSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from '../data/exclusively';
import { parseJson } from '../data/parse-json';
import { projectPath } from '../data/project';
import { writeAtomically } from '../data/write-atomically';
import { checkedMetricsLine } from './run-files';

/** One line of a run's metrics. */
export interface MetricsLine {
  /** Training steps done. */
  step: number;
  /** 'train': the last batch, and averages since the last line; 'validation': the validation images. */
  split: 'train' | 'validation';
  /** The figures by name. */
  values: Record<string, number>;
}

/** No text file of a run comes near this: 256 MiB. */
const LARGEST_TEXT = 2 ** 28;

/** Where run folders are kept unless told. */
export function defaultRunsFolder(): string {
  return projectPath('results', 'runs');
}

/** The folder of one run: plain files that any tool can read. */
export class RunFolder {
  /** @param path of the folder, which is made when something is first done in it */
  constructor(readonly path: string) {}

  /** The path of a file of the run. */
  file(name: string): string {
    return join(this.path, name);
  }

  has(name: string): boolean {
    return existsSync(this.file(name));
  }

  writeJson(name: string, value: unknown): void {
    writeAtomically(this.file(name), `${JSON.stringify(value, null, 2)}\n`);
  }

  /**
   * Makes sure that the folder, where it is there, and all in it are files and folders: a link in a
   * folder that came from elsewhere could have a run read or overwrite files outside of it.
   *
   * @throws Error naming what is neither
   */
  requirePlain(): void {
    if (!existsSync(this.path)) return;
    requirePlainFolder(this.path);
  }

  /**
   * @param check turns what was parsed into what it has to be, or throws
   * @throws Error naming the file when it is not JSON or fails the check
   */
  readJson<T>(name: string, check = (value: unknown): T => value as T): T {
    try {
      return check(parseJson(this.text(name)));
    } catch (error) {
      throw this.unreadable(name, error);
    }
  }

  /** @throws Error when it is no plain file, such as a pipe that would never end, or too large */
  private text(name: string): string {
    const found = lstatSync(this.file(name));
    if (!found.isFile()) throw new Error('it is no plain file');
    if (found.size > LARGEST_TEXT) throw new Error(`it has ${found.size} bytes`);
    return readFileSync(this.file(name), 'utf8');
  }

  private unreadable(name: string, error: unknown): Error {
    const reason = error instanceof Error ? error.message : String(error);
    return new Error(
      `${this.file(name)} cannot be read (${reason}): delete the run's folder to train it anew`,
      { cause: error },
    );
  }

  remove(name: string): void {
    rmSync(this.file(name), { force: true });
  }

  /** Deletes what a crash left of files that were being written. Nobody else may be writing. */
  removeTemporary(): void {
    for (const name of readdirSync(this.path)) if (name.endsWith('.tmp')) this.remove(name);
  }

  appendMetrics(line: MetricsLine): void {
    appendFileSync(this.file('metrics.jsonl'), `${JSON.stringify(line)}\n`);
  }

  /**
   * All metrics; a last line that a crash cut short is left out.
   *
   * @throws Error naming the file when another line is damaged
   */
  readMetrics(): MetricsLine[] {
    if (!this.has('metrics.jsonl')) return [];
    try {
      const lines = this.text('metrics.jsonl').split('\n');
      return lines.slice(0, -1).map((line) => checkedMetricsLine(parseJson(line)));
    } catch (error) {
      throw this.unreadable('metrics.jsonl', error);
    }
  }

  /** Forgets all other metrics: those that a crash kept and its checkpoint does not know. */
  keepMetrics(isKept: (line: MetricsLine) => boolean): void {
    const kept = this.readMetrics().filter(isKept);
    const text = kept.map((line) => `${JSON.stringify(line)}\n`).join('');
    writeAtomically(this.file('metrics.jsonl'), text);
  }

  /** Runs `body` while no other process does so for this folder: see `exclusively`. */
  exclusively<T>(body: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return exclusively(this.path, body, signal);
  }
}

function requirePlainFolder(path: string): void {
  if (!lstatSync(path).isDirectory()) {
    throw new Error(`${path} must be a folder, and no link to one, to be that of a run`);
  }
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) requirePlainFolder(inside);
    else if (!entry.isFile()) {
      throw new Error(
        `${inside} is a link or a device; the folder of a run holds plain files only`,
      );
    }
  }
}
