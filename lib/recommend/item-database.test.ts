import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { matrix, row, type Matrix } from '../data/matrix';
import {
  permutation,
  randomInteger,
  randomNormal,
  seededRandom,
  type Random,
} from '../data/random';
import { duckDb } from '../data/duckdb';
import {
  ItemDatabase,
  type CreateOptions,
  type NewItems,
  type Recommendation,
} from './item-database';

const folder = mkdtempSync(join(tmpdir(), 'items-'));
const open: ItemDatabase[] = [];
let files = 0;

afterEach(() => Promise.all(open.splice(0).map((database) => database.close())));
afterAll(() => rmSync(folder, { recursive: true }));

function newPath(): string {
  return join(folder, `${files++}.duckdb`);
}

/** Closed after the test. */
async function kept(opening: Promise<ItemDatabase>): Promise<ItemDatabase> {
  const database = await opening;
  open.push(database);
  return database;
}

const CLASSES = ['bag', 'boot', 'coat'];

function create(options: Partial<CreateOptions> = {}, path = newPath()): Promise<ItemDatabase> {
  return kept(ItemDatabase.create(path, { dimension: 2, classNames: CLASSES, ...options }));
}

/** Rows of numbers as a matrix. */
function rows(...values: number[][]): Matrix {
  return matrix(Float32Array.from(values.flat()), [values.length, values[0].length]);
}

interface Catalogue extends NewItems {
  ids: Float64Array;
  labels: Int32Array;
  images: Uint8Array;
}

/** Items of 5 dimensions and images of 2 x 3 pixels, ids scattered. */
function randomItems(count: number, random: Random, draw: () => number): Catalogue {
  return {
    embeddings: matrix(Float32Array.from({ length: count * 5 }, draw), [count, 5]),
    labels: Int32Array.from({ length: count }, () => randomInteger(random, CLASSES.length)),
    ids: Float64Array.from(permutation(count, random), (i) => 3 * i + 2),
    images: Uint8Array.from({ length: count * 6 }, () => randomInteger(random, 256)),
  };
}

/** What must be recommended, in plain loops over the items that `keep` says. */
function byDefinition(
  { embeddings, labels, ids, images }: Catalogue,
  query: Float32Array,
  k: number,
  keep: (i: number) => boolean,
): Recommendation[] {
  const all: Recommendation[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (!keep(i)) continue;
    const embedding = row(embeddings, i);
    let sum = 0;
    for (let c = 0; c < query.length; c++) sum += (query[c] - embedding[c]) ** 2;
    all.push({
      id: ids[i],
      label: labels[i],
      className: CLASSES[labels[i]],
      embedding: embedding.slice(),
      image: images.slice(6 * i, 6 * i + 6),
      distance: Math.sqrt(sum),
    });
  }
  return all.sort((a, b) => a.distance - b.distance || a.id - b.id).slice(0, k);
}

/** The two are the same, distances to 12 digits. */
function expectSame(found: Recommendation[], wanted: Recommendation[]): void {
  expect(found.map(({ distance: _, ...item }) => item)).toEqual(
    wanted.map(({ distance: _, ...item }) => item),
  );
  for (const [i, { distance }] of found.entries()) {
    const error = Math.abs(distance - wanted[i].distance);
    expect(error).toBeLessThanOrEqual(1e-12 * wanted[i].distance);
  }
}

const draws: [string, (random: Random) => () => number][] = [
  ['normal values', (random) => () => randomNormal(random)],
  ['small whole numbers, full of ties', (random) => () => randomInteger(random, 3)],
  ['values far from the origin', (random) => () => 1000 + randomInteger(random, 200) / 64],
  ['values whose squares exceed float32', (random) => () => 1e30 * randomNormal(random)],
  ['zeros', () => () => 0],
];

describe.each(draws)('on %s', (_, draw) => {
  const random = seededRandom(11);
  const items = randomItems(300, random, draw(random));
  const { embeddings, labels, ids } = items;

  async function filled(): Promise<ItemDatabase> {
    const database = await create({ dimension: 5, imageSize: { height: 2, width: 3 } });
    expect(await database.add(items)).toEqual(ids);
    return database;
  }

  it('recommends what plain loops find', async () => {
    const database = await filled();
    for (let trial = 0; trial < 10; trial++) {
      const i = randomInteger(random, 300);
      const k = 1 + randomInteger(random, 320);
      const label = randomInteger(random, 3);
      const others = byDefinition(items, row(embeddings, i), k, (j) => j !== i);
      expectSame(await database.recommend(ids[i], k), others);
      const alike = byDefinition(
        items,
        row(embeddings, i),
        k,
        (j) => j !== i && labels[j] === label,
      );
      expectSame(await database.recommend(ids[i], k, { class: label }), alike);
      expectSame(await database.recommend(ids[i], k, { class: CLASSES[label] }), alike);
    }
  });

  it('recommends for new embeddings what plain loops find', async () => {
    const database = await filled();
    for (let trial = 0; trial < 10; trial++) {
      const query = Float32Array.from({ length: 5 }, draw(random));
      const k = 1 + randomInteger(random, 320);
      expectSame(
        await database.recommendFor(query, k),
        byDefinition(items, query, k, () => true),
      );
      expectSame(
        await database.recommendFor(query, k, { class: 'coat' }),
        byDefinition(items, query, k, (j) => labels[j] === 2),
      );
    }
  });

  it('measures every distance', async () => {
    const database = await filled();
    for (let i = 0; i < 8; i++) {
      const all = byDefinition(items, row(embeddings, i), 300, () => true);
      for (const { id, distance } of all.slice(0, 8)) {
        const found = await database.distance(ids[i], id);
        expect(Math.abs(found - distance)).toBeLessThanOrEqual(1e-12 * distance);
      }
    }
  });

  it('forgets what is removed, and takes its ids again', async () => {
    const database = await filled();
    const removed = new Set(permutation(300, random).subarray(0, 120));
    await database.remove(ids.filter((_, i) => removed.has(i)));
    expect(await database.count()).toBe(180);
    const query = row(embeddings, 0);
    const rest = byDefinition(items, query, 300, (j) => !removed.has(j));
    expectSame(await database.recommendFor(query, 300), rest);

    const again = [...removed];
    await database.add({
      embeddings: matrix(
        Float32Array.from(again.flatMap((i) => [...row(embeddings, i)])),
        [120, 5],
      ),
      labels: again.map((i) => labels[i]),
      ids: again.map((i) => ids[i]),
      images: Uint8Array.from(again.flatMap((i) => [...items.images.slice(6 * i, 6 * i + 6)])),
    });
    const all = byDefinition(items, query, 300, () => true);
    expectSame(await database.recommendFor(query, 300), all);
  });

  it('finds all of it in the file again', async () => {
    const database = await filled();
    await database.close();
    const reopened = await kept(ItemDatabase.open(database.path));
    expect(await reopened.catalogue()).toEqual({
      dimension: 5,
      classNames: CLASSES,
      imageSize: { height: 2, width: 3 },
    });
    const query = row(embeddings, 7);
    const all = byDefinition(items, query, 300, () => true);
    expectSame(await reopened.recommendFor(query, 300), all);
  });
});

describe('an item', () => {
  it('comes back as it went in', async () => {
    const database = await create({ imageSize: { height: 1, width: 3 } });
    await database.add({
      embeddings: rows([0.1, -0], [3e38, 1e-45]),
      labels: [2, 0],
      ids: [Number.MAX_SAFE_INTEGER, 0],
      images: Uint8Array.of(0, 128, 255, 1, 2, 3),
    });
    const item = await database.item(Number.MAX_SAFE_INTEGER);
    expect(item).toEqual({
      id: Number.MAX_SAFE_INTEGER,
      label: 2,
      className: 'coat',
      embedding: Float32Array.of(0.1, -0),
      image: Uint8Array.of(0, 128, 255),
    });
    expect(Object.getPrototypeOf(item.image)).toBe(Uint8Array.prototype);
    expect((await database.item(0)).embedding).toEqual(Float32Array.of(3e38, 1e-45));
  });

  it('needs neither id nor image', async () => {
    const database = await create({ imageSize: { height: 2, width: 2 } });
    const pair = { embeddings: rows([1, 2], [3, 4]), labels: [0, 1] };
    expect(await database.add(pair)).toEqual(Float64Array.of(0, 1));
    expect(await database.add({ ...pair, ids: [10, 4] })).toEqual(Float64Array.of(10, 4));
    expect(await database.add(pair)).toEqual(Float64Array.of(11, 12));
    expect(await database.item(12)).toMatchObject({ className: 'boot', image: null });
    expect(await database.count()).toBe(6);
  });

  it('may be one of none', async () => {
    const database = await create();
    const none = matrix(new Float32Array(0), [0, 2]);
    expect(await database.add({ embeddings: none, labels: [], ids: [] })).toEqual(
      new Float64Array(0),
    );
    await database.remove([]);
    expect(await database.recommendFor(Float32Array.of(0.5, 1), 3)).toEqual([]);
    await database.add({ embeddings: rows([1, 2]), labels: [0] });
    expect(await database.recommend(0, 3)).toEqual([]);
  });

  it('is one of thousands, in chunks', async () => {
    const database = await create({ dimension: 1 });
    const count = 5000;
    const embeddings = matrix(
      Float32Array.from({ length: count }, (_, i) => i),
      [count, 1],
    );
    await database.add({ embeddings, labels: new Uint8Array(count) });
    expect(await database.count()).toBe(count);
    const near = await database.recommend(2048, 4);
    expect(near.map(({ id, distance }) => [id, distance])).toEqual([
      [2047, 1],
      [2049, 1],
      [2046, 2],
      [2050, 2],
    ]);
  });
});

describe('class names', () => {
  const hostile = [
    "'; DROP TABLE items; --",
    '$label',
    '" OR 1=1',
    '',
    ' ',
    'NUL \0 inside',
    'line\nbreak',
    'Knöchelstiefel 👢',
    '<script>',
    'x'.repeat(10_000),
    '3',
  ];

  it('may hold anything', async () => {
    const database = await create({ classNames: hostile });
    const labels = hostile.map((_, label) => label);
    await database.add({ embeddings: rows(...labels.map((i) => [i, 0])), labels });
    await database.close();
    const reopened = await kept(ItemDatabase.open(database.path));
    expect((await reopened.catalogue()).classNames).toEqual(hostile);
    for (const [label, name] of hostile.entries()) {
      const found = await reopened.recommendFor(Float32Array.of(0, 0), 5, { class: name });
      expect(found.map(({ id, className }) => [id, className])).toEqual([[label, name]]);
    }
    expect(await reopened.count()).toBe(hostile.length);
  });

  it('can be added to', async () => {
    const database = await create({ classNames: [] });
    expect(await database.addClass("Robert'); --")).toBe(0);
    expect(await database.addClass('boot')).toBe(1);
    await database.add({ embeddings: rows([1, 1]), labels: [1] });
    expect(await database.item(0)).toMatchObject({ label: 1, className: 'boot' });
    await expect(database.addClass('boot')).rejects.toThrow(
      'ItemDatabase.addClass: class names must differ, got "boot" a second time',
    );
    expect((await database.catalogue()).classNames).toEqual(["Robert'); --", 'boot']);
  });
});

describe('what is wrong is named', () => {
  const good = { embeddings: rows([1, 2], [3, 4]), labels: [0, 1] };
  const add: [string, NewItems, string][] = [
    ['dimension', { ...good, embeddings: rows([1], [2]) }, 'embeddings must have 2 columns, got 1'],
    [
      'NaN',
      { ...good, embeddings: rows([1, 2], [NaN, 4]) },
      'embeddings must be finite, got NaN at row 1, column 0',
    ],
    [
      'infinity',
      { ...good, embeddings: rows([1, -Infinity], [3, 4]) },
      'embeddings must be finite, got -Infinity at row 0, column 1',
    ],
    ['labels', { ...good, labels: [0] }, 'labels must have 2 values, got 1'],
    [
      'unknown label',
      { ...good, labels: [0, 3] },
      'labels must be whole numbers from 0 to 2, got 3 at row 1',
    ],
    [
      'broken label',
      { ...good, labels: [0.5, 1] },
      'labels must be whole numbers from 0 to 2, got 0.5 at row 0',
    ],
    ['ids', { ...good, ids: [7] }, 'ids must have 2 values, got 1'],
    ['broken id', { ...good, ids: [7, 1.5] }, 'ids must be a whole number >= 0, got 1.5'],
    ['negative id', { ...good, ids: [7, -1] }, 'ids must be a whole number >= 0, got -1'],
    [
      'unsafe id',
      { ...good, ids: [7, 2 ** 53] },
      'ids must be a whole number >= 0, got 9007199254740992',
    ],
    ['double id', { ...good, ids: [7, 7] }, 'ids must differ, got 7 twice'],
    ['taken id', { ...good, ids: [7, 1] }, 'ids must be new, there is an item 1 already'],
    [
      'images',
      { ...good, images: new Uint8Array(8) },
      'images need a database that was created with an imageSize',
    ],
  ];

  it.each(add)('adding: %s', async (_, items, message) => {
    const database = await create();
    await database.add(good);
    await expect(database.add(items)).rejects.toThrow(`ItemDatabase.add: ${message}`);
    expect(await database.count()).toBe(2);
    await database.add({ ...good, ids: [7, 8] });
  });

  it('adding: a matrix that is none, and images of another size', async () => {
    const database = await create({ imageSize: { height: 2, width: 2 } });
    const embeddings: Matrix = { data: new Float32Array(3), shape: [2, 2] };
    await expect(database.add({ ...good, embeddings })).rejects.toThrow('got 3');
    await expect(database.add({ ...good, images: new Uint8Array(7) })).rejects.toThrow(
      'ItemDatabase.add: images must have 8 values, got 7',
    );
    await database.add({ ...good, ids: [0, Number.MAX_SAFE_INTEGER] });
    await expect(database.add(good)).rejects.toThrow(
      'ItemDatabase.add: ids must be given, the largest is 9007199254740991',
    );
  });

  it('asking', async () => {
    const database = await create();
    await database.add(good);
    const point = Float32Array.of(0, 0);
    const failing: [Promise<unknown>, string][] = [
      [database.recommend(5, 1), 'recommend: there is no item 5'],
      [database.recommend(0.5, 1), 'recommend: item must be a whole number >= 0, got 0.5'],
      [database.recommend(0, 0), 'recommend: k must be a whole number > 0, got 0'],
      [database.recommend(0, 1.5), 'recommend: k must be a whole number > 0, got 1.5'],
      [database.recommend(0, NaN), 'recommend: k must be a whole number > 0, got NaN'],
      [
        database.recommend(0, 1, { class: 'hat' }),
        'recommend: class must be the name of a class or a whole number from 0 to 2, got "hat"',
      ],
      [
        database.recommendFor(point, 1, { class: 3 }),
        'recommendFor: class must be the name of a class or a whole number from 0 to 2, got 3',
      ],
      [
        database.recommendFor(new Float32Array(3), 1),
        'recommendFor: embedding must have 2 columns, got 3',
      ],
      [
        database.recommendFor(Float32Array.of(0, NaN), 1),
        'recommendFor: embedding must be finite, got NaN at row 0, column 1',
      ],
      [database.distance(0, 9), 'distance: there is no item 9'],
      [database.item(-1), 'item: item must be a whole number >= 0, got -1'],
      [database.remove([0, 6, 5]), 'remove: there is no item 5'],
      [database.remove([0, Infinity]), 'remove: ids must be a whole number >= 0, got Infinity'],
    ];
    for (const [promise, message] of failing) {
      await expect(promise).rejects.toThrow(`ItemDatabase.${message}`);
    }
    expect(await database.count()).toBe(2);
    expect(await database.recommendFor(point, Number.MAX_SAFE_INTEGER)).toHaveLength(2);
  });

  it('creating', async () => {
    const wrong: [Partial<CreateOptions>, string][] = [
      [{ dimension: 0 }, 'dimension must be a whole number > 0, got 0'],
      [{ dimension: 2.5 }, 'dimension must be a whole number > 0, got 2.5'],
      [{ dimension: 1e6 }, 'dimension must be at most 100000, got 1000000'],
      [{ classNames: ['a', 'b', 'a'] }, 'class names must differ, got "a" a second time'],
      [{ classNames: ['\ud800'] }, 'class names must be well-formed text, got "\\ud800"'],
      [{ imageSize: { height: 0, width: 2 } }, 'height must be a whole number > 0, got 0'],
    ];
    for (const [options, message] of wrong) {
      await expect(create(options)).rejects.toThrow(`ItemDatabase.create: ${message}`);
    }
  });

  it('a database that is closed, once or twice', async () => {
    const database = await create();
    await Promise.all([database.close(), database.close()]);
    await database.close();
    const message = (method: string): string =>
      `ItemDatabase.${method}: ${database.path} is closed`;
    await expect(database.count()).rejects.toThrow(message('count'));
    await expect(database.add(good)).rejects.toThrow(message('add'));
    await expect(database.recommend(0, 1)).rejects.toThrow(message('recommend'));
  });
});

describe('the file', () => {
  const item = { embeddings: rows([1, 2]), labels: [0] };

  it('must be there, and an item database', async () => {
    const path = newPath();
    await expect(ItemDatabase.open(path)).rejects.toThrow(
      `ItemDatabase.open: there is no file ${path}`,
    );
    await expect(ItemDatabase.open(folder)).rejects.toThrow(`${folder} does not open: EISDIR`);
    const strangers = ['', 'some text', `SQLite format 3\0${'\0'.repeat(5000)}`];
    for (const content of strangers) {
      writeFileSync(path, content);
      const message = `${path} does not open: it is no DuckDB database`;
      await expect(ItemDatabase.open(path)).rejects.toThrow(`ItemDatabase.open: ${message}`);
      await expect(create({ overwrite: true }, path)).rejects.toThrow(
        `ItemDatabase.create: ${message}`,
      );
      expect(readFileSync(path, 'utf8')).toBe(content);
    }
  });

  it.each([
    ['CREATE TABLE songs (name VARCHAR)', 'is a DuckDB file without items'],
    ['CREATE VIEW catalogue AS SELECT 1 AS version', 'is a DuckDB file without items'],
    [
      'ALTER TABLE catalogue RENAME TO old; CREATE TABLE catalogue (version INTEGER)',
      'is a DuckDB file with a damaged catalogue',
    ],
    [
      'DROP TABLE catalogue; CREATE TABLE catalogue AS SELECT 1 AS version',
      'has other tables than an item database',
    ],
    ['DROP TABLE items', 'has other tables than an item database'],
    ['DELETE FROM catalogue', 'is a DuckDB file with a damaged catalogue'],
    ['UPDATE catalogue SET version = 2', 'has version 2, and only 1 can be read'],
    ['ALTER TABLE items DROP image', 'has other tables than an item database'],
    ['UPDATE catalogue SET dimension = 3', 'has other tables than an item database'],
  ])('must hold the tables: %s', async (sql, message) => {
    const path = newPath();
    if (!sql.startsWith('CREATE')) await (await create({}, path)).close();
    const instance = await duckDb().DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
    await expect(ItemDatabase.open(path)).rejects.toThrow(`ItemDatabase.open: ${path} ${message}`);
  });

  it('must not be damaged', async () => {
    const database = await create();
    await database.add(item);
    await database.close();
    const bytes = readFileSync(database.path);
    const path = newPath();
    for (const damaged of [bytes.subarray(0, 9000), Buffer.from(bytes).fill(7, 4096, 12288)]) {
      writeFileSync(path, damaged);
      await expect(ItemDatabase.open(path)).rejects.toThrow(`${path} does not open: `);
    }
  });

  it('is replaced only when that is wished', async () => {
    const first = await create();
    await first.add(item);
    await expect(create({}, first.path)).rejects.toThrow(
      `ItemDatabase.create: ${first.path} exists; open it, or set overwrite to replace its items`,
    );
    expect(await first.count()).toBe(1);
    const second = await create({ dimension: 3, classNames: ['hat'], overwrite: true }, first.path);
    expect(await second.count()).toBe(0);
    await second.add({ embeddings: rows([1, 2, 3]), labels: [0] });
    // What was open before sees the new catalogue.
    expect(await first.catalogue()).toMatchObject({ dimension: 3, classNames: ['hat'] });
    await expect(first.add(item)).rejects.toThrow('embeddings must have 3 columns, got 2');
  });

  it('may be open several times in a process, also through a link', async () => {
    const first = await create();
    const link = newPath();
    symlinkSync(first.path, link);
    const second = await kept(ItemDatabase.open(link));
    await first.add(item);
    await second.add(item);
    expect(await first.count()).toBe(2);
    await first.close();
    expect(await second.recommend(0, 1)).toMatchObject([{ id: 1, distance: 0 }]);
  });

  it('takes an id from one of two at the same time', async () => {
    const first = await create();
    const second = await kept(ItemDatabase.open(first.path));
    for (let id = 0; id < 20; id++) {
      const labelled = (label: number): NewItems => ({ ...item, labels: [label], ids: [id] });
      const results = await Promise.allSettled([first.add(labelled(1)), second.add(labelled(2))]);
      const winners = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [i + 1] : []));
      expect(winners).toHaveLength(1);
      expect(await first.item(id)).toMatchObject({ label: winners[0] });
    }
    expect(await second.count()).toBe(20);
  });

  it('is in no need of a disk', async () => {
    const [a, b] = [await create({}, ':memory:'), await create({}, ':memory:')];
    await a.add(item);
    expect([a.path, await a.count(), await b.count()]).toEqual([':memory:', 1, 0]);
  });

  it('is written to by nobody who only reads', async () => {
    const database = await create();
    await database.add(item);
    await database.close();
    const reader = await kept(ItemDatabase.open(database.path, { readOnly: true }));
    expect(await reader.count()).toBe(1);
    await expect(reader.add(item)).rejects.toThrow(
      `ItemDatabase.add: ${database.path} is open for reading only`,
    );
    await expect(ItemDatabase.open(database.path)).rejects.toThrow('different configuration');
  });

  it('can be copied when it is closed', async () => {
    const database = await create();
    await database.add(item);
    await database.close();
    const copy = newPath();
    copyFileSync(database.path, copy);
    expect(await (await kept(ItemDatabase.open(copy))).count()).toBe(1);
  });
});

describe('calls', () => {
  it('that break off in the middle leave nothing behind', async () => {
    const database = await create();
    const one = { embeddings: rows([0, 0]), labels: [0] };
    await database.add(one);
    // The labels are read once to be checked, then to be written.
    let reads = 0;
    const labels = Object.defineProperty(new Array<number>(5000).fill(0), 4000, {
      get: () => {
        if (++reads > 1) throw new Error('cut off');
        return 0;
      },
    });
    const embeddings = matrix(new Float32Array(10_000), [5000, 2]);
    await expect(database.add({ embeddings, labels })).rejects.toThrow('cut off');
    expect(await database.count()).toBe(1);
    expect(await database.add(one)).toEqual(Float64Array.of(1));
    await database.close();
    expect(await (await kept(ItemDatabase.open(database.path))).count()).toBe(2);
  });

  it('are carried out in the order in which they are made', async () => {
    const database = await create();
    const one = { embeddings: rows([0, 0]), labels: [0] };
    const results = await Promise.allSettled([
      database.count(),
      database.add(one),
      database.count(),
      database.add({ ...one, labels: [9] }),
      database.add(one),
      database.remove([0]),
      database.item(0),
      database.count(),
      database.close(),
      database.count(),
    ]);
    const failed = results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []));
    expect(failed).toEqual([3, 6, 9]);
    const values = results.map((result) => (result.status === 'fulfilled' ? result.value : null));
    expect([values[0], values[2], values[7]]).toEqual([0, 1, 1]);
  });
});
