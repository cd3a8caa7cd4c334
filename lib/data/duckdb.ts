import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { closeSync, openSync, readSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { firstLine } from './first-line';

type DuckDb = typeof import('@duckdb/node-api');

const requireHere = createRequire(__filename);

/** The path that stands for a database in memory. */
export const IN_MEMORY = ':memory:';

/** A connection to a DuckDB file, and its end. */
export interface OpenFile {
  connection: DuckDBConnection;
  readOnly: boolean;
  close(): void;
}

/**
 * DuckDB, loaded at its first use: its binary is 70 MB, and whoever recommends nothing can do
 * without.
 *
 * @throws Error when it does not load on this platform
 */
export function duckDb(): DuckDb {
  try {
    return requireHere('@duckdb/node-api') as DuckDb;
  } catch (error) {
    throw new Error(
      `duckDb: the npm package @duckdb/node-api does not load on ${process.platform} ` +
        `${process.arch}: ${firstLine(error)}`,
      { cause: error },
    );
  }
}

/** What keeps a database that somebody else wrote from reading other files or the network. */
const CONFINED = {
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

/**
 * Connects to the DuckDB file at `path`, which is made if it is missing. Connections of one process
 * share the file; from other processes it is locked, unless all of them only read.
 *
 * @throws Error from DuckDB when the file is damaged, locked by another process, or open in this one
 *   with another `readOnly`
 */
export async function openFile(path: string, readOnly: boolean): Promise<OpenFile> {
  const options = { ...CONFINED, access_mode: readOnly ? 'READ_ONLY' : 'READ_WRITE' };
  const { DuckDBInstance } = duckDb();
  const instance =
    path === IN_MEMORY
      ? await DuckDBInstance.create(path, CONFINED)
      : await DuckDBInstance.fromCache(canonical(path), options);
  try {
    const connection = await instance.connect();
    return {
      connection,
      readOnly,
      close() {
        connection.closeSync();
        instance.closeSync();
      },
    };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** One name for each file, whatever links lead there: by it the connections find each other. */
function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(realpathSync(dirname(path)), basename(path));
  }
}

/**
 * Whether the file at `path` bears the mark of DuckDB, 'DUCK' after a checksum of 8 bytes. DuckDB
 * itself would look for an extension to read other databases with.
 */
export function isDuckDbFile(path: string): boolean {
  const head = Buffer.alloc(12);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return head.toString('latin1', 8) === 'DUCK';
}

/**
 * Runs one statement with `values` bound to its $names, and reads the rows it gives. `types` is needed
 * for arrays and lists, whose type would else be that of their first value.
 */
export async function query<Row>(
  connection: DuckDBConnection,
  sql: string,
  values: Record<string, DuckDBValue> = {},
  types: Record<string, DuckDBType> = {},
): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql, values, types);
  return reader.getRowObjectsJS() as Row[];
}

/** Runs `work` so that all of its changes are kept, or, when it fails, none. */
export async function transaction<T>(
  connection: DuckDBConnection,
  work: () => Promise<T>,
): Promise<T> {
  await connection.run('BEGIN');
  try {
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    // A COMMIT that failed has rolled back already; the first error is the one to tell.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
