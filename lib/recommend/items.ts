import { matrix, type Matrix } from '../data/matrix';
import { requireFinite } from '../data/require-finite';
import type { Catalogue } from './catalogue';

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
  /** A whole number that no other item has. */
  id: number;
  /** Its class, an index into the class names. */
  label: number;
  /** Its class, for a reader. */
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
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classNames.length)) {
      throw new RangeError(
        `${caller}: labels must be whole numbers from 0 to ${classNames.length - 1}, ` +
          `got ${label} at row ${i}`,
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
