import type { DuckDBConnection, DuckDBResultReader } from '@duckdb/node-api';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { duckDb, IN_MEMORY, openFile } from '../../data/duckdb';
import { firstLine } from '../../data/first-line';
import { projectPath } from '../../data/project';
import { defaultRunsFolder } from '../run-folder';
import { scanRuns, type DamagedRun, type RunEntry, type Scan } from './scan-runs';
import { createTables, fillMetrics, fillRuns, keepMetrics } from './tables';

/** Options of `openRegistry`. */
export interface RegistryOptions {
  /** Where run folders are kept. Default: results/runs of the project. */
  runsFolder?: string;
  /** Where published runs are; null leaves them out. Default: results/paper of the project. */
  publishedFolder?: string | null;
}

/** All runs, as tables that answer SQL. */
export interface Registry {
  /** The runs as they are now, those in results/runs before the published ones, by name. */
  runs(): RunEntry[];
  /** Folders in the place of runs that are left out, and why. */
  damaged(): DamagedRun[];
  /**
   * The rows that one statement of SQL gives on the runs as they are now. It can read the two tables
   * and nothing else: no file, no network, and it changes nothing.
   *
   * Whole numbers come as numbers, timestamps as Date, a map as an object, what is missing as null.
   *
   * @throws Error from DuckDB, with its words, when the statement is wrong
   */
  query<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
  /** Frees DuckDB's memory. */
  close(): void;
}

/** Text of metrics that goes to DuckDB in one piece: about 32 million characters. */
const PIECE = 2 ** 25;

/**
 * Opens the registry of all runs. The folders are the source of truth: each call looks at them anew,
 * and reads again what has changed.
 *
 *     const registry = await openRegistry();
 *     const best = await registry.query<{ margin: number; best: number }>(
 *       'SELECT margin, max(precisionAt1) AS best FROM runs GROUP BY margin ORDER BY margin',
 *     );
 *
 * The table `runs` has a row for each run: id, path, isPublished, status ('finished', 'training',
 * 'unfinished'); every setting (`margin` is null where it is soft, see isSoftMargin); stepsDone; loss,
 * fractionPositive, accuracy and precisionAt1 of the validation images; all figures of validation,
 * test, train and lastBatch, as maps (`validation['loss']`); seconds, peakMegabytes, finishedAt; and
 * what environment.json says. The table `metrics` has a row for each figure in metrics.jsonl: run (the
 * id), step, split, metric, value. It is filled by the first statement that names it.
 *
 * The tables are copies in memory, filled through checks, rather than views that have DuckDB read the
 * files: one damaged file would fail every statement, and a statement could read all other files too.
 *
 * @throws Error when DuckDB does not load on this platform
 */
export async function openRegistry({
  runsFolder = defaultRunsFolder(),
  publishedFolder = projectPath('results', 'paper'),
}: RegistryOptions = {}): Promise<Registry> {
  const look = watchRuns(runsFolder, publishedFolder);
  const database = await openFile(IN_MEMORY, false);
  const { connection } = database;
  await createTables(connection);
  const mirror = mirrorOf(connection);
  let last: Promise<unknown> = Promise.resolve();
  return {
    runs: () => look().runs,
    damaged: () => look().damaged,
    query<Row>(sql: string): Promise<Row[]> {
      // One at a time: they share the connection and its transaction.
      const rows = last.then(async () => {
        await mirror(look().runs, /\bmetrics\b/i.test(sql));
        return readOnly<Row>(connection, sql);
      });
      last = rows.catch(() => undefined);
      return rows;
    },
    close: () => database.close(),
  };
}

/** Scans both folders; what is known of a run is taken as it is while its folder has not changed. */
function watchRuns(runsFolder: string, publishedFolder: string | null): () => Scan {
  let known = new Map<string, { changed: number; run: RunEntry }>();
  return () => {
    const seen: typeof known = new Map();
    const read = (path: string, scan: () => RunEntry | undefined): RunEntry | undefined => {
      // Every file but the metrics is put in place by renaming, which changes the folder.
      const changed = statSync(path).mtimeMs;
      const before = known.get(path);
      const run = before?.changed === changed ? before.run : scan();
      if (run?.status === 'finished') seen.set(path, { changed, run });
      return run;
    };
    const own = scanRuns(runsFolder, false, read);
    const published =
      publishedFolder === null ? { runs: [], damaged: [] } : scanRuns(publishedFolder, true, read);
    known = seen;
    return {
      runs: [...own.runs, ...published.runs],
      damaged: [...own.damaged, ...published.damaged],
    };
  };
}

/** Brings the tables to the state of the runs. */
function mirrorOf(
  connection: DuckDBConnection,
): (runs: RunEntry[], withMetrics: boolean) => Promise<void> {
  let mirrored = '';
  let read = new Map<string, string>();
  return async (runs, withMetrics) => {
    const state = JSON.stringify(runs);
    if (state !== mirrored) await fillRuns(connection, runs);
    mirrored = state;
    if (!withMetrics) return;
    await keepMetrics(
      connection,
      runs.map(({ id }) => id),
    );
    const stamps = new Map(runs.map(({ id, path }) => [id, stampOf(join(path, 'metrics.jsonl'))]));
    let piece = new Map<string, string>();
    let size = 0;
    for (const { id, path } of runs) {
      if (read.get(id) === stamps.get(id)) continue;
      const text = stamps.get(id) ? readFileSync(join(path, 'metrics.jsonl'), 'utf8') : '';
      piece.set(id, text);
      size += text.length;
      if (size < PIECE) continue;
      await fillMetrics(connection, piece);
      piece = new Map();
      size = 0;
    }
    if (piece.size > 0) await fillMetrics(connection, piece);
    read = stamps;
  };
}

/** Changes when a file does; empty where there is none. */
function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size}` : '';
}

async function readOnly<Row>(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  try {
    const { count } = await connection.extractStatements(sql);
    if (count !== 1) throw new Error(`takes one statement, got ${count}`);
    await connection.run('BEGIN TRANSACTION READ ONLY');
    try {
      return rowsOf(await connection.runAndReadAll(sql)) as Row[];
    } finally {
      await connection.run('ROLLBACK').catch(() => undefined);
    }
  } catch (error) {
    const words = (error as Error).message.replace(/^Failed to extract statements: /, '');
    throw new Error(`query: ${firstLine(words)}`, { cause: error });
  }
}

/** Rows as plain values. */
function rowsOf(reader: DuckDBResultReader): Record<string, unknown>[] {
  const { DuckDBTypeId } = duckDb();
  const names = reader.deduplicatedColumnNames();
  const isMap = names.map((_, j) => reader.columnTypeId(j) === DuckDBTypeId.MAP);
  return reader
    .getRowsJS()
    .map((row) =>
      Object.fromEntries(
        row.map((value, j) => [names[j], isMap[j] ? recordOf(value) : plain(value)]),
      ),
    );
}

/** A map comes as a list of entries. */
function recordOf(value: unknown): Record<string, unknown> | null {
  const entries = value as { key: string; value: unknown }[] | null;
  return entries && Object.fromEntries(entries.map(({ key, value }) => [key, plain(value)]));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return Array.isArray(value) ? value.map(plain) : value;
}
