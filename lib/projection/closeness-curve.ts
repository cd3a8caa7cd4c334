/** The curve 1 / (1 + a d^2b) by which UMAP takes points at distance d in the plane for neighbours. */
export interface ClosenessCurve {
  a: number;
  b: number;
}

/** Distances at which the curve is compared with what it stands for, from 0 to 3. */
const SAMPLES = 300;
const FARTHEST = 3;

const STEPS = 100;

/**
 * The curve closest, by least squares, to one that is 1 up to `minDistance` and then falls as
 * exp(-(d - minDistance)); by the method of Levenberg and Marquardt.
 */
export function closenessCurve(minDistance: number): ClosenessCurve {
  let curve = { a: 1, b: 1 };
  let error = fit(curve, minDistance);
  let damping = 1e-3;
  for (let step = 0; step < STEPS && damping < 1e12; step++) {
    const { aa, ab, bb, a, b } = error;
    const determinant = aa * bb * (1 + damping) ** 2 - ab * ab;
    const next = {
      a: curve.a + (bb * (1 + damping) * a - ab * b) / determinant,
      b: curve.b + (aa * (1 + damping) * b - ab * a) / determinant,
    };
    const nextError = fit(next, minDistance);
    if (next.a > 0 && next.b > 0 && nextError.squares < error.squares) {
      [curve, error, damping] = [next, nextError, damping / 10];
    } else {
      damping *= 10;
    }
  }
  return curve;
}

/** The sum of squared residuals, J^T J, and J^T times the residuals, for the derivatives J by a and b. */
interface Fit {
  squares: number;
  aa: number;
  ab: number;
  bb: number;
  a: number;
  b: number;
}

function fit({ a, b }: ClosenessCurve, minDistance: number): Fit {
  const sums = { squares: 0, aa: 0, ab: 0, bb: 0, a: 0, b: 0 };
  for (let i = 0; i < SAMPLES; i++) {
    const distance = (FARTHEST * i) / (SAMPLES - 1);
    const wanted = distance < minDistance ? 1 : Math.exp(minDistance - distance);
    const power = distance ** (2 * b);
    const value = 1 / (1 + a * power);
    const residual = wanted - value;
    const byA = -power * value * value;
    const byB = distance > 0 ? 2 * a * Math.log(distance) * byA : 0;
    sums.squares += residual * residual;
    sums.aa += byA * byA;
    sums.ab += byA * byB;
    sums.bb += byB * byB;
    sums.a += byA * residual;
    sums.b += byB * residual;
  }
  return sums;
}
