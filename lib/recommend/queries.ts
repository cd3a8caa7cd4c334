import type { DuckDBConnection, DuckDBListType, DuckDBListValue } from '@duckdb/node-api';
import { matrix } from '../data/matrix';
import { requireFinite } from '../data/require-finite';
import { requirePositive } from '../data/require-positive';
import { classLabel } from './catalogue';
import { readCatalogue } from './catalogue-tables';
import { duckDb, query } from '../data/duckdb';
import { readItem, requireDimension, requireId, type Item, type ItemRow } from './items';
import type { Recommendation, RecommendOptions } from './recommendation';

const ITEM_COLUMNS = 'id, label, name AS "className", embedding, image';

/** @throws RangeError when there is no item with this id */
export async function findItem(
  caller: string,
  connection: DuckDBConnection,
  id: number,
): Promise<Item> {
  requireId(caller, 'item', id);
  const [found] = await query<ItemRow>(
    connection,
    `SELECT ${ITEM_COLUMNS} FROM items JOIN classes USING (label) WHERE id = $id`,
    { id: BigInt(id) },
  );
  if (!found) throw new RangeError(`${caller}: there is no item ${id}`);
  return readItem(found);
}

/**
 * The k items nearest to an embedding, the item `except` left out.
 *
 * @throws RangeError when the embedding, k or the class is not one that can be searched for
 */
export async function nearestItems(
  caller: string,
  connection: DuckDBConnection,
  embedding: Float32Array,
  k: number,
  { class: wanted, except }: RecommendOptions & { except?: number },
): Promise<Recommendation[]> {
  requirePositive(caller, { k });
  const catalogue = await readCatalogue(connection);
  const { dimension } = catalogue;
  requireDimension(caller, 'embedding', embedding.length, dimension);
  requireFinite(caller, 'embedding', matrix(embedding, [1, dimension]));
  const label = wanted === undefined ? null : classLabel(caller, wanted, catalogue);
  const { ARRAY, FLOAT, arrayValue } = duckDb();
  // The images and names of all items need not be looked at, only those of the nearest.
  const rows = await query<ItemRow & { distance: number }>(
    connection,
    `WITH nearest AS (
       SELECT id,
         array_distance(embedding::DOUBLE[${dimension}], $embedding::DOUBLE[${dimension}]) AS distance
       FROM items
       WHERE id IS DISTINCT FROM $except::BIGINT AND ($label::INTEGER IS NULL OR label = $label)
       ORDER BY distance, id
       LIMIT $k)
     SELECT ${ITEM_COLUMNS}, distance
     FROM nearest JOIN items USING (id) JOIN classes USING (label)
     ORDER BY distance, id`,
    {
      embedding: arrayValue(Array.from(embedding)),
      except: except === undefined ? null : BigInt(except),
      label,
      k: BigInt(k),
    },
    { embedding: ARRAY(FLOAT, dimension) },
  );
  return rows.map((found) => ({ ...readItem(found), distance: found.distance }));
}

/** The least of `ids` that is the id of an item; undefined when none is. */
export async function takenId(
  connection: DuckDBConnection,
  ids: ArrayLike<number>,
): Promise<bigint | undefined> {
  return leastId(connection, 'SELECT min(id) AS id FROM given SEMI JOIN items USING (id)', ids);
}

/** The least of `ids` that is the id of no item; undefined when all are. */
export async function unknownId(
  connection: DuckDBConnection,
  ids: ArrayLike<number>,
): Promise<bigint | undefined> {
  return leastId(connection, 'SELECT min(id) AS id FROM given ANTI JOIN items USING (id)', ids);
}

async function leastId(
  connection: DuckDBConnection,
  select: string,
  ids: ArrayLike<number>,
): Promise<bigint | undefined> {
  const sql = `WITH given AS (SELECT unnest($ids) AS id) ${select}`;
  const [{ id }] = await query<{ id: bigint | null }>(connection, sql, ...idList(ids));
  return id ?? undefined;
}

/** Removes the items with these ids. */
export async function deleteItems(
  connection: DuckDBConnection,
  ids: ArrayLike<number>,
): Promise<void> {
  const sql = 'DELETE FROM items WHERE id IN (SELECT unnest($ids))';
  await query(connection, sql, ...idList(ids));
}

/** The value of $ids in a statement, and its type. */
function idList(
  ids: ArrayLike<number>,
): [Record<string, DuckDBListValue>, Record<string, DuckDBListType>] {
  const { BIGINT, LIST, listValue } = duckDb();
  return [{ ids: listValue(Array.from(ids, BigInt)) }, { ids: LIST(BIGINT) }];
}

/**
 * `count` ids that follow the largest one, or begin at 0.
 *
 * @throws RangeError when no number is left for them
 */
export async function nextIds(
  caller: string,
  connection: DuckDBConnection,
  count: number,
): Promise<Float64Array> {
  const [{ next }] = await query<{ next: bigint }>(
    connection,
    'SELECT coalesce(max(id) + 1, 0) AS next FROM items',
  );
  const first = Number(next);
  if (first + count > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`${caller}: ids must be given, the largest is ${first - 1}`);
  }
  return Float64Array.from({ length: count }, (_, i) => first + i);
}

export async function countItems(connection: DuckDBConnection): Promise<number> {
  const [{ count }] = await query<{ count: bigint }>(
    connection,
    'SELECT count(*) AS count FROM items',
  );
  return Number(count);
}
