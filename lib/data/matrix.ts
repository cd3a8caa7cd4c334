/** A row-major table of float32 values: `n` rows (points) of `d` columns (features). */
export interface Matrix {
  /** Row-major values, length n * d. */
  data: Float32Array;
  /** [n, d]: number of rows, number of columns. */
  shape: [number, number];
}

/**
 * Wraps `data` as a matrix of shape [rows, columns]; the values are not copied.
 *
 * @throws RangeError when the length of `data` is not rows * columns.
 */
export function matrix(data: Float32Array, shape: [number, number]): Matrix {
  const [rows, columns] = shape;
  if (data.length !== rows * columns) {
    throw new RangeError(
      `matrix: data must have ${rows} x ${columns} = ${rows * columns} values, got ${data.length}`,
    );
  }
  return { data, shape };
}

/** Row `i` of `m` as a view on its memory (float32, length d). */
export function row(m: Matrix, i: number): Float32Array {
  const columns = m.shape[1];
  return m.data.subarray(i * columns, (i + 1) * columns);
}

/** The rows of `m` at `indices`, in that order, as a new matrix. */
export function selectRows(m: Matrix, indices: ArrayLike<number>): Matrix {
  const columns = m.shape[1];
  const data = new Float32Array(indices.length * columns);
  for (let i = 0; i < indices.length; i++) data.set(row(m, indices[i]), i * columns);
  return { data, shape: [indices.length, columns] };
}
