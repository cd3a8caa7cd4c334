import type { DuckDBConnection } from '@duckdb/node-api';
import { requirePositive } from '../data/require-positive';
import { duckDb, query } from '../data/duckdb';

/** What all items of a database have in common. */
export interface Catalogue {
  /** Values of each embedding. */
  dimension: number;
  /** The name of each class, at its label. */
  classNames: string[];
  /** Rows and columns of pixels of each thumbnail, or null when the items have none. */
  imageSize: { height: number; width: number } | null;
}

/** Raised when the tables change: files of another version are refused. */
const VERSION = 1;

/** Columns of the longest array that DuckDB stores. */
const MOST_DIMENSIONS = 100_000;

/**
 * @param caller the function to name in the error
 * @throws RangeError when the dimension or a side of the images is not a positive whole number, or a
 *   class name is not text or given twice
 */
export function requireCatalogue(caller: string, catalogue: Catalogue): void {
  const { dimension, classNames, imageSize } = catalogue;
  requirePositive(caller, { dimension });
  if (dimension > MOST_DIMENSIONS) {
    throw new RangeError(
      `${caller}: dimension must be at most ${MOST_DIMENSIONS}, got ${dimension}`,
    );
  }
  if (imageSize) {
    requirePositive(caller, { height: imageSize.height, width: imageSize.width });
  }
  classNames.forEach((name, label) => {
    requireNewClass(caller, name, classNames.slice(0, label));
  });
}

/**
 * @throws RangeError when `name` is no well-formed text, or is among `others`
 */
export function requireNewClass(caller: string, name: string, others: readonly string[]): void {
  if (typeof name !== 'string' || /\p{Surrogate}/u.test(name)) {
    throw new RangeError(
      `${caller}: class names must be well-formed text, got ${JSON.stringify(name)}`,
    );
  }
  if (others.includes(name)) {
    throw new RangeError(
      `${caller}: class names must differ, got ${JSON.stringify(name)} a second time`,
    );
  }
}

/**
 * The label of a class.
 *
 * @param wanted its name, or the label itself
 * @throws RangeError when there is no such class
 */
export function classLabel(caller: string, wanted: string | number, catalogue: Catalogue): number {
  const { classNames } = catalogue;
  const label = typeof wanted === 'number' ? wanted : classNames.indexOf(wanted);
  if (Number.isInteger(label) && label >= 0 && label < classNames.length) return label;
  throw new RangeError(
    `${caller}: class must be the name of a class or a whole number from 0 to ` +
      `${classNames.length - 1}, got ${typeof wanted === 'string' ? JSON.stringify(wanted) : wanted}`,
  );
}

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
