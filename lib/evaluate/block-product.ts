import * as tf from '@tensorflow/tfjs';
import type { Matrix } from '../data/matrix';
import { compile } from '../engine/compile';
import type { Block, Comparison } from './distance-block';

/** Query rows, and reference rows, that are compared at a time: for 60,000 they take 15 MB. */
export const BLOCK_ROWS = 64;
const TILE_ROWS = 4096;

/** The inner products, <a - centre, b - centre>, of a block of query rows with a tile of reference rows. */
export interface ProductTile {
  block: Block;
  tile: Block;
  /** float32, rows of length `stride`; valid only until the next tile is asked for. */
  products: Float32Array;
  stride: number;
}

/**
 * The inner products of all query rows with all reference rows: block after block, of each the tiles
 * from the first reference row to the last.
 *
 * @throws the signal's reason when it aborts
 */
export async function* productTiles(
  { query, reference, centre }: Comparison,
  signal?: AbortSignal,
): AsyncGenerator<ProductTile, void, void> {
  const [total, references] = [query.shape[0], reference.shape[0]];
  const size = Math.min(BLOCK_ROWS, total);
  const stride = Math.min(TILE_ROWS, references);
  const product = await blockProduct(query, reference, centre, [size, stride]);
  try {
    for (let first = 0; first < total; first += size) {
      const block = { first, count: Math.min(size, total - first) };
      for (let start = 0; start < references; start += stride) {
        signal?.throwIfAborted();
        const tile = { first: start, count: Math.min(stride, references - start) };
        yield { block, tile, products: await product.between(block, tile), stride };
      }
    }
  } finally {
    await product.dispose();
  }
}

/** Computes inner products between blocks of rows of two matrices. */
interface BlockProduct {
  /** float32, rows as long as the largest block of the second matrix; valid until the next call. */
  between(a: Block, b: Block): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Prepares the inner products of blocks of up to `rows[0]` rows of `a` with blocks of up to `rows[1]`
 * rows of `b`, seen from `centre`. They are one matrix product in the compiled engine, in float32.
 *
 * @param centre a point, one value per column
 */
async function blockProduct(
  a: Matrix,
  b: Matrix,
  centre: Float32Array,
  rows: [number, number],
): Promise<BlockProduct> {
  const columns = a.shape[1];
  const step = await compile(
    ({ left, right, origin }) => ({
      products: tf.matMul(left.sub(origin), right.sub(origin), false, true),
    }),
    {
      inputs: {
        left: { shape: [rows[0], columns], dtype: 'float32' },
        right: { shape: [rows[1], columns], dtype: 'float32' },
        origin: { shape: [columns], dtype: 'float32' },
      },
    },
  );
  return {
    dispose: () => step.dispose(),
    async between(first: Block, second: Block): Promise<Float32Array> {
      const { products } = await step.run({
        left: rowsOf(a, first, rows[0]),
        right: rowsOf(b, second, rows[1]),
        origin: centre,
      });
      return products.data as Float32Array;
    },
  };
}

/** The rows of a block: a view where the block is full, else a copy filled up with zeros. */
function rowsOf(m: Matrix, { first, count }: Block, capacity: number): Float32Array {
  const columns = m.shape[1];
  const rows = m.data.subarray(first * columns, (first + count) * columns);
  if (count === capacity) return rows;
  const filled = new Float32Array(capacity * columns);
  filled.set(rows);
  return filled;
}
