import type { DuckDBConnection } from '@duckdb/node-api';
import { duckDb, query } from '../data/duckdb';
import type { Catalogue } from './catalogue';

/** Raised when the tables change: files of another version are refused. */
const VERSION = 1;

/** The columns of an item database, by table, in the order of their names. */
function tables(dimension: number): Record<string, string[]> {
  return {
    catalogue: ['version INTEGER', 'dimension INTEGER', 'height INTEGER', 'width INTEGER'],
    classes: ['label INTEGER', 'name VARCHAR'],
    items: ['id BIGINT', 'label INTEGER', `embedding FLOAT[${dimension}]`, 'image BLOB'],
  };
}

/** Makes the tables of a catalogue without items, in place of those of an earlier one. */
export async function writeCatalogue(
  connection: DuckDBConnection,
  { dimension, classNames, imageSize }: Catalogue,
): Promise<void> {
  for (const [table, columns] of Object.entries(tables(dimension))) {
    const key = table === 'items' ? ', PRIMARY KEY (id)' : '';
    await connection.run(`DROP TABLE IF EXISTS ${table}`);
    await connection.run(`CREATE TABLE ${table} (${columns.join(', ')}${key})`);
  }
  await connection.run(
    'INSERT INTO catalogue VALUES ($version, $dimension, $height::INTEGER, $width::INTEGER)',
    {
      version: VERSION,
      dimension,
      height: imageSize?.height ?? null,
      width: imageSize?.width ?? null,
    },
  );
  await appendClasses(connection, classNames);
}

/** Gives names to the next free labels. */
export async function appendClasses(connection: DuckDBConnection, names: string[]): Promise<void> {
  const { LIST, VARCHAR, listValue } = duckDb();
  await query(
    connection,
    `INSERT INTO classes SELECT (SELECT count(*) FROM classes) + place - 1, name
     FROM (SELECT unnest($names) AS name, generate_subscripts($names, 1) AS place)`,
    { names: listValue(names) },
    { names: LIST(VARCHAR) },
  );
}

/** What the catalogue in the file says. */
export async function readCatalogue(connection: DuckDBConnection): Promise<Catalogue> {
  const [found] = await query<{
    dimension: number;
    height: number | null;
    width: number | null;
    classNames: string[] | null;
  }>(
    connection,
    `SELECT dimension, height, width,
       (SELECT list(name ORDER BY label) FROM classes) AS "classNames" FROM catalogue`,
  );
  const { dimension, height, width, classNames } = found;
  return {
    dimension,
    classNames: classNames ?? [],
    imageSize: height === null || width === null ? null : { height, width },
  };
}

/** Why the file of `connection` is no item database, as a clause; undefined when it is one. */
export async function catalogueProblem(connection: DuckDBConnection): Promise<string | undefined> {
  const columns = await query<{ table_name: string; column: string }>(
    connection,
    `SELECT table_name, column_name || ' ' || data_type AS column
     FROM duckdb_columns() JOIN duckdb_tables() USING (database_oid, schema_oid, table_oid, table_name)
     ORDER BY table_name, column_index`,
  );
  const found: Record<string, string[]> = {};
  for (const { table_name: table, column } of columns) (found[table] ??= []).push(column);
  if (found.catalogue?.[0] !== tables(1).catalogue[0]) return 'is a DuckDB file without items';
  const versions = await query<{ version: number }>(connection, 'SELECT version FROM catalogue');
  if (versions.length !== 1) return 'is a DuckDB file with a damaged catalogue';
  const [{ version }] = versions;
  if (version !== VERSION) return `has version ${version}, and only ${VERSION} can be read`;
  const dimension = Number(/\d+/.exec(found.items?.[2] ?? '')?.[0]);
  const isComplete =
    JSON.stringify(found) === JSON.stringify(tables(dimension)) &&
    (await readCatalogue(connection)).dimension === dimension;
  return isComplete ? undefined : 'has other tables than an item database';
}
