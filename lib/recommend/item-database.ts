import type { DuckDBConnection } from '@duckdb/node-api';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { appendItems } from './append-items';
import { requireCatalogue, requireNewClass, type Catalogue } from './catalogue';
import { appendClasses, readCatalogue, writeCatalogue } from './catalogue-tables';
import { connect } from './connect';
import { IN_MEMORY, transaction, type OpenFile } from '../data/duckdb';
import { requireId, requireItems, type Item, type NewItems } from './items';
import {
  countItems,
  deleteItems,
  findItem,
  nearestItems,
  nextIds,
  takenId,
  unknownId,
} from './queries';
import type { Recommendation, RecommendOptions } from './recommendation';

export type { Catalogue } from './catalogue';
export type { Item, NewItems } from './items';
export type { Recommendation, RecommendOptions } from './recommendation';

/** Options of `ItemDatabase.create`. */
export interface CreateOptions {
  /** Values of each embedding. */
  dimension: number;
  /** The name of each class, at its label; all different. */
  classNames: readonly string[];
  /** Rows and columns of pixels of each thumbnail; default: items have none. */
  imageSize?: { height: number; width: number };
  /** Whether an item database that is at the path already is emptied and replaced; default false. */
  overwrite?: boolean;
}

/**
 * Embedded items in a DuckDB file, and the nearest of them to an item or to a new embedding: found
 * exactly, by comparing all.
 *
 * Calls are carried out one after the other, in the order in which they are made. What changes the
 * database is kept whole or not at all, also through a crash. Several of these may have one file open
 * in one process; other processes are locked out unless all of them only read.
 *
 * All methods reject with an Error when the database is closed.
 */
export class ItemDatabase {
  /** Fulfilled when the calls made so far are done. */
  private turn: Promise<unknown> = Promise.resolve();
  private closed = false;

  private constructor(
    /** Where the file is, absolute; ':memory:' without one. */
    readonly path: string,
    private readonly file: OpenFile,
  ) {}

  /**
   * Makes a database without items.
   *
   * @param path of the file to be made, folders included; ':memory:' keeps everything in memory only
   * @throws RangeError when an option is out of range; Error when there is a file already and
   *   `overwrite` is false or it is no item database
   */
  static async create(path: string, options: CreateOptions): Promise<ItemDatabase> {
    const caller = 'ItemDatabase.create';
    const { dimension, classNames, imageSize = null, overwrite = false } = options;
    const catalogue = { dimension, classNames: [...classNames], imageSize };
    requireCatalogue(caller, catalogue);
    const place = path === IN_MEMORY ? path : resolve(path);
    if (existsSync(place) && !overwrite) {
      throw new Error(`${caller}: ${place} exists; open it, or set overwrite to replace its items`);
    }
    if (place !== IN_MEMORY) mkdirSync(dirname(place), { recursive: true });
    const file = await connect(caller, place, { readOnly: false, isNew: !existsSync(place) });
    const database = new ItemDatabase(place, file);
    try {
      await database.write('create', (connection) => writeCatalogue(connection, catalogue));
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  }

  /**
   * Opens a database that was made before.
   *
   * @param options.readOnly whether to allow no changes, so that other processes may read the file at
   *   the same time; default false
   * @throws Error when there is no file, it is no item database, or another process has it open
   */
  static async open(path: string, { readOnly = false } = {}): Promise<ItemDatabase> {
    const place = resolve(path);
    if (!existsSync(place)) throw new Error(`ItemDatabase.open: there is no file ${place}`);
    return new ItemDatabase(
      place,
      await connect('ItemDatabase.open', place, { readOnly, isNew: false }),
    );
  }

  /** What the items have in common: dimension, class names and size of the images. */
  async catalogue(): Promise<Catalogue> {
    return this.read('catalogue', readCatalogue);
  }

  /** The number of items. */
  async count(): Promise<number> {
    return this.read('count', countItems);
  }

  /** Adds a class without items and gives its label, the next free one. */
  async addClass(name: string): Promise<number> {
    return this.write('addClass', async (connection) => {
      const { classNames } = await readCatalogue(connection);
      requireNewClass('ItemDatabase.addClass', name, classNames);
      await appendClasses(connection, [name]);
      return classNames.length;
    });
  }

  /**
   * Adds items and gives their ids.
   *
   * @throws RangeError when an embedding has another dimension or a value that is not finite, a label
   *   is that of no class, an id is not a whole number >= 0 or is taken, or something has not one
   *   entry for each item; then none of them is added
   */
  async add(items: NewItems): Promise<Float64Array> {
    const caller = 'ItemDatabase.add';
    return this.write('add', async (connection) => {
      requireItems(caller, items, await readCatalogue(connection));
      const ids = await newIds(caller, connection, items);
      await appendItems(connection, items, ids);
      return ids;
    });
  }

  /**
   * Removes items.
   *
   * @throws RangeError when there is no item with one of the ids; then none is removed
   */
  async remove(ids: ArrayLike<number>): Promise<void> {
    const caller = 'ItemDatabase.remove';
    return this.write('remove', async (connection) => {
      for (let i = 0; i < ids.length; i++) requireId(caller, 'ids', ids[i]);
      const unknown = await unknownId(connection, ids);
      if (unknown !== undefined) throw new RangeError(`${caller}: there is no item ${unknown}`);
      await deleteItems(connection, ids);
    });
  }

  /**
   * The item with this id.
   *
   * @throws RangeError when there is none
   */
  async item(id: number): Promise<Item> {
    return this.read('item', (connection) => findItem('ItemDatabase.item', connection, id));
  }

  /**
   * The Euclidean distance of two items, from float32 values in float64.
   *
   * @throws RangeError when one of them does not exist
   */
  async distance(itemA: number, itemB: number): Promise<number> {
    const caller = 'ItemDatabase.distance';
    return this.read('distance', async (connection) => {
      const a = await findItem(caller, connection, itemA);
      const b = await findItem(caller, connection, itemB);
      return Math.sqrt(
        a.embedding.reduce((sum, value, i) => sum + (value - b.embedding[i]) ** 2, 0),
      );
    });
  }

  /**
   * The `k` items nearest to the item with this id, itself left out; nearest first, ties by the
   * smaller id. All there are when they are fewer.
   *
   * @throws RangeError when there is no such item or class, or k is not a whole number > 0
   */
  async recommend(
    id: number,
    k: number,
    options: RecommendOptions = {},
  ): Promise<Recommendation[]> {
    const caller = 'ItemDatabase.recommend';
    return this.read('recommend', async (connection) => {
      const { embedding } = await findItem(caller, connection, id);
      return nearestItems(caller, connection, embedding, k, { ...options, except: id });
    });
  }

  /**
   * The `k` items nearest to an embedding; nearest first, ties by the smaller id. All there are when
   * they are fewer.
   *
   * @param embedding [dimension]
   * @throws RangeError when the embedding has another dimension or a value that is not finite, there
   *   is no such class, or k is not a whole number > 0
   */
  async recommendFor(
    embedding: Float32Array,
    k: number,
    options: RecommendOptions = {},
  ): Promise<Recommendation[]> {
    return this.read('recommendFor', (connection) =>
      nearestItems('ItemDatabase.recommendFor', connection, embedding, k, options),
    );
  }

  /** Closes the database once all calls made so far are done. Closing it again does nothing. */
  async close(): Promise<void> {
    const closing = this.turn.then(() => {
      if (!this.closed) this.file.close();
      this.closed = true;
    });
    this.turn = closing;
    return closing;
  }

  private write<T>(method: string, work: Work<T>): Promise<T> {
    return this.read(method, (connection) => {
      if (this.file.readOnly) {
        throw new Error(`ItemDatabase.${method}: ${this.path} is open for reading only`);
      }
      return transaction(connection, () => work(connection));
    });
  }

  /** Carries out `work` when all calls made before are done. */
  private read<T>(method: string, work: Work<T>): Promise<T> {
    const result = this.turn.then(() => {
      if (this.closed) throw new Error(`ItemDatabase.${method}: ${this.path} is closed`);
      return work(this.file.connection);
    });
    this.turn = result.catch(() => undefined);
    return result;
  }
}

type Work<T> = (connection: DuckDBConnection) => Promise<T>;

/** The ids that items ask for, or the next free ones. */
async function newIds(
  caller: string,
  connection: DuckDBConnection,
  { ids, embeddings }: NewItems,
): Promise<Float64Array> {
  if (!ids) return nextIds(caller, connection, embeddings.shape[0]);
  const taken = await takenId(connection, ids);
  if (taken !== undefined) {
    throw new RangeError(`${caller}: ids must be new, there is an item ${taken} already`);
  }
  return Float64Array.from(ids);
}
