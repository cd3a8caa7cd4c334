import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { ItemDatabase } from './item-database';

const loaded = (): boolean =>
  Object.keys(createRequire(__filename).cache).some((path) => path.includes('@duckdb'));

it('DuckDB is loaded when a database is opened, not before', async () => {
  expect(loaded()).toBe(false);
  const database = await ItemDatabase.create(':memory:', { dimension: 1, classNames: [] });
  expect(loaded()).toBe(true);
  await database.close();
});
