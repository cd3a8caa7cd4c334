import type { DuckDBConnection } from '@duckdb/node-api';
import { setImmediate } from 'node:timers/promises';
import { row } from '../data/matrix';
import { duckDb } from '../data/duckdb';
import type { NewItems } from './items';

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
