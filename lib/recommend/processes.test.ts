import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { matrix } from '../data/matrix';
import { Child } from './child-process.test-support';
import { ItemDatabase } from './item-database';

const folder = mkdtempSync(join(tmpdir(), 'items-'));
const children: Child[] = [];

afterEach(() => Promise.all(children.splice(0).map((child) => child.kill())));
afterAll(() => rmSync(folder, { recursive: true }));

function start(path: string, body: string): Child {
  const child = new Child(path, body);
  children.push(child);
  return child;
}

const OPTIONS = { dimension: 1, classNames: ["it's", 'two'] };

function numbers(...values: number[]): {
  embeddings: ReturnType<typeof matrix>;
  labels: Int32Array;
} {
  return {
    embeddings: matrix(Float32Array.from(values), [values.length, 1]),
    labels: new Int32Array(values.length),
  };
}

describe('another process', () => {
  it('reads what was written here', async () => {
    const path = join(folder, 'shared.duckdb');
    const database = await ItemDatabase.create(path, OPTIONS);
    await database.add(numbers(5, 1, 2));
    await database.close();
    const child = start(
      path,
      `const database = await ItemDatabase.open(path);
       print([await database.catalogue(), await database.recommend(1, 2)]);`,
    );
    const [catalogue, near] = (await child.next()) as [object, object[]];
    expect(catalogue).toEqual({ ...OPTIONS, imageSize: null });
    expect(near).toMatchObject([
      { id: 2, className: "it's", distance: 1 },
      { id: 0, className: "it's", distance: 4 },
    ]);
  });

  it('locks the file, unless both only read', async () => {
    const path = join(folder, 'locked.duckdb');
    await (await ItemDatabase.create(path, OPTIONS)).close();
    const holding = (options: string): Child =>
      start(
        path,
        `await ItemDatabase.open(path, ${options}); print('open'); setInterval(() => {}, 1000);`,
      );
    const writer = holding('{}');
    expect(await writer.next()).toBe('open');
    await expect(ItemDatabase.open(path)).rejects.toThrow(
      /^ItemDatabase.open: .*locked.duckdb does not open: .*Could not set lock on file/,
    );
    await writer.kill();

    expect(await holding('{ readOnly: true }').next()).toBe('open');
    const reader = await ItemDatabase.open(path, { readOnly: true });
    expect(await reader.count()).toBe(0);
    await reader.close();
    await expect(ItemDatabase.open(path)).rejects.toThrow('Could not set lock on file');
  });

  it('leaves whole additions when it is killed', async () => {
    const path = join(folder, 'killed.duckdb');
    await (await ItemDatabase.create(path, OPTIONS)).close();
    let before = 0;
    for (const patience of [1, 2, 4]) {
      const child = start(
        path,
        `const database = await ItemDatabase.open(path);
         const values = Float32Array.from({ length: 3000 }, (_, i) => i);
         const items = { embeddings: matrix(values, [3000, 1]), labels: new Uint8Array(3000) };
         for (;;) { await database.add(items); print(await database.count()); }`,
      );
      let told = before;
      for (let i = 0; i < patience; i++) told = (await child.next()) as number;
      await child.kill();
      const database = await ItemDatabase.open(path);
      const count = await database.count();
      await database.close();
      expect(count % 3000).toBe(0);
      expect(count).toBeGreaterThanOrEqual(told);
      before = count;
    }
  });
});
