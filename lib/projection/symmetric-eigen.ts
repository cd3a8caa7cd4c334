/** Eigenvalues in descending order, with their eigenvectors. */
export interface Eigen {
  /** Length n, descending. */
  values: Float64Array;
  /** Row-major [n, n]: row i is the unit eigenvector of values[i]. */
  vectors: Float64Array;
}

/**
 * All eigenvalues and eigenvectors of a real symmetric matrix, in O(n^3): Householder reduction to
 * tridiagonal form, then the QL algorithm with implicit shifts (Martin, Reinsch and Wilkinson 1968;
 * Dubrulle, Martin and Wilkinson 1968). Errors are of the order of 1e-16 times the largest value.
 *
 * @param matrix row-major [n, n], symmetric, finite, of values whose squares neither overflow nor
 *   underflow; it is not changed
 * @param n number of rows
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const { diagonal, offDiagonal, rows } = tridiagonalize(Float64Array.from(matrix), n);
  diagonalize(diagonal, offDiagonal, rows, n);
  const order = Array.from(diagonal, (_, i) => i).sort(
    (a, b) => diagonal[b] - diagonal[a] || a - b,
  );
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(rows.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (i) => diagonal[i]), vectors };
}

/** An orthogonal R, in rows, with R a R^T tridiagonal; offDiagonal[i] stands between i and i + 1. */
interface Tridiagonal {
  diagonal: Float64Array;
  offDiagonal: Float64Array;
  rows: Float64Array;
}

/**
 * From the last row of `a` up, reflects what stands left of the diagonal onto the entry next to it.
 * `a` is used as working space.
 */
function tridiagonalize(a: Float64Array, n: number): Tridiagonal {
  const offDiagonal = new Float64Array(n);
  const reflections: Float64Array[] = [];
  for (let m = n - 1; m > 0; m--) {
    const { normal, image } = reflectionToLast(a.subarray(m * n, m * n + m));
    offDiagonal[m - 1] = image;
    reflections[m] = normal;
    reflectBothSides(a, normal, n);
  }
  const diagonal = Float64Array.from({ length: n }, (_, i) => a[i * n + i]);
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  for (let m = 1; m < n; m++) {
    const normal = reflections[m];
    for (let i = 0; i < m; i++) {
      const row = rows.subarray(i * n, i * n + m);
      addScaled(row, -2 * dot(row, normal), normal);
    }
  }
  return { diagonal, offDiagonal, rows };
}

/** The unit normal of the reflection that takes x to (0, ..., 0, image); zero where x is already so. */
function reflectionToLast(x: Float64Array): { normal: Float64Array; image: number } {
  const last = x.length - 1;
  const normal = Float64Array.from(x);
  if (x.subarray(0, last).every((value) => value === 0)) {
    return { normal: normal.fill(0), image: x[last] };
  }
  const length = Math.sqrt(dot(x, x));
  // The sign that adds to x[last], so that nothing cancels.
  const image = x[last] > 0 ? -length : length;
  normal[last] -= image;
  const scale = 1 / Math.sqrt(dot(normal, normal));
  for (let i = 0; i <= last; i++) normal[i] *= scale;
  return { normal, image };
}

/** The leading block A of `a` becomes HAH with H = I - 2uu^T, which is A - uw^T - wu^T. */
function reflectBothSides(a: Float64Array, u: Float64Array, n: number): void {
  const m = u.length;
  const block = Array.from({ length: m }, (_, i) => a.subarray(i * n, i * n + m));
  const au = Float64Array.from(block, (row) => dot(row, u));
  const uau = dot(u, au);
  const w = au.map((value, i) => 2 * (value - uau * u[i]));
  for (let i = 0; i < m; i++) {
    addScaled(block[i], -u[i], w);
    addScaled(block[i], -w[i], u);
  }
}

/** Rotates pairs of rows until nothing is left beside the diagonal, which then has the eigenvalues. */
function diagonalize(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  rows: Float64Array,
  n: number,
): void {
  let norm = 0;
  for (let i = 0; i < n; i++) {
    norm = Math.max(norm, Math.abs(diagonal[i]) + Math.abs(offDiagonal[i]));
  }
  for (let first = 0; first < n; first++) {
    for (let sweep = 0; ; sweep++) {
      let last = first;
      while (last < n - 1 && Math.abs(offDiagonal[last]) > Number.EPSILON * norm) last++;
      if (last === first) break;
      if (sweep === 60) throw new Error('symmetricEigen: no convergence after 60 sweeps');
      qlSweep(diagonal, offDiagonal, rows, n, first, last);
    }
  }
}

/** One implicit QL step on the block `first` to `last`, shifted towards the eigenvalue at its top. */
function qlSweep(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  rows: Float64Array,
  n: number,
  first: number,
  last: number,
): void {
  const half = (diagonal[first + 1] - diagonal[first]) / (2 * offDiagonal[first]);
  const root = Math.hypot(half, 1);
  const shift = diagonal[first] - offDiagonal[first] / (half + (half < 0 ? -root : root));
  let bulge = diagonal[last] - shift;
  let [sine, cosine, change] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const off = sine * offDiagonal[i];
    const along = cosine * offDiagonal[i];
    const radius = Math.hypot(off, bulge);
    offDiagonal[i + 1] = radius;
    if (radius === 0) {
      // The block falls apart here; the next sweep takes what is left of it.
      diagonal[i + 1] -= change;
      offDiagonal[last] = 0;
      return;
    }
    sine = off / radius;
    cosine = bulge / radius;
    const pivot = diagonal[i + 1] - change;
    const step = (diagonal[i] - pivot) * sine + 2 * cosine * along;
    change = sine * step;
    diagonal[i + 1] = pivot + change;
    bulge = cosine * step - along;
    rotate(
      rows.subarray(i * n, (i + 1) * n),
      rows.subarray((i + 1) * n, (i + 2) * n),
      cosine,
      sine,
    );
  }
  diagonal[first] -= change;
  offDiagonal[first] = bulge;
  offDiagonal[last] = 0;
}

function rotate(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let k = 0; k < a.length; k++) {
    const value = b[k];
    b[k] = sine * a[k] + cosine * value;
    a[k] = cosine * a[k] - sine * value;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}
