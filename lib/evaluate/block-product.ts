import * as tf from '@tensorflow/tfjs';
import type { Matrix } from '../data/matrix';
import { compile } from '../engine/compile';

/** Rows of a matrix that are taken at a time. */
export interface Block {
  /** The first row. */
  first: number;
  /** How many rows. */
  count: number;
}

/** Computes all inner products, <a - centre, b - centre>, between blocks of rows of two matrices. */
export interface BlockProduct {
  /** The inner products, float32, row-major with rows of length `stride`; valid until the next call. */
  between(a: Block, b: Block): Promise<Float32Array>;
  /** Length of a row of the products: the largest block of the second matrix. */
  stride: number;
  dispose(): Promise<void>;
}

/**
 * Prepares the inner products of blocks of up to `rows[0]` rows of `a` with blocks of up to `rows[1]`
 * rows of `b`, seen from `centre`. They are one matrix product in the compiled engine, in float32.
 *
 * @param centre a point, one value per column
 */
export async function blockProduct(
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
    stride: rows[1],
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
