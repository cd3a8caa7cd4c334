import type { DuckDBConnection } from '@duckdb/node-api';
import { setImmediate } from 'node:timers/promises';
import { matrix, row, type Matrix } from '../data/matrix';
import { requireFinite } from '../data/require-finite';
import type { Catalogue } from './catalogue';
import { duckDb } from './duckdb';

/** Items to be added to a database. */
export interface NewItems {
  /** One row for each item. */
  embeddings: Matrix;
  /** [n]: the class of each item. */
  labels: ArrayLike<number>;
  /**
   * [n]: whole numbers >= 0, all different. Default: the numbers that follow the largest id in the
   * database, so the row numbers in an empty one.
   */
  ids?: ArrayLike<number>;
  /** [n, height, width]: grey thumbnails, 0 is black. Default: none. */
  images?: Uint8Array;
}

/** An item of a database. */
export interface Item {
  id: number;
  label: number;
  className: string;
  /** [dimension]. */
  embedding: Float32Array;
  /** [height, width]: its grey thumbnail, 0 is black, or null where it has none. */
  image: Uint8Array | null;
}

/** An item as DuckDB gives it. */
export interface ItemRow {
  id: bigint;
  label: number;
  className: string;
  embedding: number[];
  image: Uint8Array | null;
}

export function readItem({ id, label, className, embedding, image }: ItemRow): Item {
  return {
    id: Number(id),
    label,
    className,
    embedding: Float32Array.from(embedding),
    // A copy: what comes is a Buffer.
    image: image && new Uint8Array(image),
  };
}

/**
 * @param caller the function to name in the error
 * @throws RangeError when the items do not fit the catalogue, or each other
 */
export function requireItems(caller: string, items: NewItems, catalogue: Catalogue): void {
  const { embeddings, labels, ids, images } = items;
  const { dimension, classNames, imageSize } = catalogue;
  const [count, columns] = matrix(embeddings.data, embeddings.shape).shape;
  requireDimension(caller, 'embeddings', columns, dimension);
  requireFinite(caller, 'embeddings', embeddings);
  requireCount(caller, 'labels', labels.length, count);
  for (let i = 0; i < count; i++) {
    if (!(Number.isInteger(labels[i]) && labels[i] >= 0 && labels[i] < classNames.length)) {
      throw new RangeError(
        `${caller}: labels must be whole numbers from 0 to ${classNames.length - 1}, ` +
          `got ${labels[i]} at row ${i}`,
      );
    }
  }
  if (ids) {
    requireCount(caller, 'ids', ids.length, count);
    requireIds(caller, ids);
  }
  if (images) {
    if (!imageSize) {
      throw new RangeError(`${caller}: images need a database that was created with an imageSize`);
    }
    requireCount(caller, 'images', images.length, count * imageSize.height * imageSize.width);
  }
}

export function requireDimension(
  caller: string,
  name: string,
  got: number,
  dimension: number,
): void {
  if (got !== dimension) {
    throw new RangeError(`${caller}: ${name} must have ${dimension} columns, got ${got}`);
  }
}

function requireCount(caller: string, name: string, got: number, wanted: number): void {
  if (got !== wanted) {
    throw new RangeError(`${caller}: ${name} must have ${wanted} values, got ${got}`);
  }
}

function requireIds(caller: string, ids: ArrayLike<number>): void {
  const seen = new Set<number>();
  for (let i = 0; i < ids.length; i++) {
    requireId(caller, 'ids', ids[i]);
    if (seen.has(ids[i])) throw new RangeError(`${caller}: ids must differ, got ${ids[i]} twice`);
    seen.add(ids[i]);
  }
}

export function requireId(caller: string, name: string, id: number): void {
  if (!(Number.isSafeInteger(id) && id >= 0)) {
    throw new RangeError(`${caller}: ${name} must be a whole number >= 0, got ${id}`);
  }
}

/** The most rows that DuckDB takes at a time. */
const CHUNK_ROWS = 2048;

/** Writes items that were checked into the table, in chunks between which other work has its turn. */
export async function appendItems(
  connection: DuckDBConnection,
  { embeddings, labels, images }: NewItems,
  ids: ArrayLike<number>,
): Promise<void> {
  const { ARRAY, BIGINT, BLOB, DuckDBDataChunk, FLOAT, INTEGER, arrayValue, blobValue } = duckDb();
  const [count, dimension] = embeddings.shape;
  const pixels = images ? images.length / count : 0;
  const appender = await connection.createAppender('items');
  try {
    for (let first = 0; first < count; first += CHUNK_ROWS) {
      const rows = Array.from({ length: Math.min(CHUNK_ROWS, count - first) }, (_, i) => first + i);
      const chunk = DuckDBDataChunk.create(
        [BIGINT, INTEGER, ARRAY(FLOAT, dimension), BLOB],
        rows.length,
      );
      chunk.setColumns([
        rows.map((i) => BigInt(ids[i])),
        rows.map((i) => labels[i]),
        rows.map((i) => arrayValue(Array.from(row(embeddings, i)))),
        rows.map((i) => (images ? blobValue(images.subarray(i * pixels, (i + 1) * pixels)) : null)),
      ]);
      appender.appendDataChunk(chunk);
      await setImmediate();
    }
    appender.flushSync();
  } catch (error) {
    // Otherwise closing would write what is still held back.
    appender.clear();
    throw error;
  } finally {
    appender.closeSync();
  }
}
