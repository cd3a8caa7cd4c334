/**
 * The losses once more, in plain loops over ordinary numbers (float64), written from the
 * formulas alone: what the tests of the tensor code compare with.
 */

/** Points as rows of coordinates. */
export type Points = number[][];

/** What a loss comes to. */
export interface PlainLoss {
  loss: number;
  fractionPositive: number;
}

/** Euclidean distances by the definition, sqrt(sum of squared differences), or their squares. */
export function plainDistances(points: Points, squared: boolean): number[][] {
  return points.map((a) =>
    points.map((b) => {
      const square = a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0);
      return squared ? square : Math.sqrt(square);
    }),
  );
}

/** Mean of max(d(a,p) - d(a,n) + margin, 0) over the triplets where that is > 0. */
export function plainBatchAll(
  points: Points,
  labels: number[],
  { margin, squared }: { margin: number; squared: boolean },
): PlainLoss {
  const d = plainDistances(points, squared);
  let [sum, positive, valid] = [0, 0, 0];
  for (let a = 0; a < points.length; a++) {
    for (let p = 0; p < points.length; p++) {
      for (let n = 0; n < points.length; n++) {
        if (a === p || labels[a] !== labels[p] || labels[a] === labels[n]) continue;
        const violation = Math.max(d[a][p] - d[a][n] + margin, 0);
        valid++;
        sum += violation;
        if (violation > 1e-16) positive++;
      }
    }
  }
  return { loss: sum / (positive + 1e-16), fractionPositive: positive / (valid + 1e-16) };
}

/** Mean of d(a,p) - d(a,n) + margin over the triplets with d(a,p) < d(a,n) < d(a,p) + margin. */
export function plainSemiHard(
  points: Points,
  labels: number[],
  { margin, squared }: { margin: number; squared: boolean },
): PlainLoss {
  const d = plainDistances(points, squared);
  let [sum, semiHard, valid] = [0, 0, 0];
  for (let a = 0; a < points.length; a++) {
    for (let p = 0; p < points.length; p++) {
      for (let n = 0; n < points.length; n++) {
        if (a === p || labels[a] !== labels[p] || labels[a] === labels[n]) continue;
        valid++;
        if (!(d[a][p] < d[a][n] && d[a][n] < d[a][p] + margin)) continue;
        semiHard++;
        sum += d[a][p] - d[a][n] + margin;
      }
    }
  }
  return { loss: sum / Math.max(semiHard, 1), fractionPositive: semiHard / Math.max(valid, 1) };
}

/** The farthest positive and the nearest negative of every anchor, and the loss over all anchors. */
export function plainBatchHard(
  points: Points,
  labels: number[],
  { margin, squared }: { margin: number | 'soft'; squared: boolean },
): PlainLoss & { hardestPositive: number; hardestNegative: number } {
  const d = plainDistances(points, squared);
  const totals = { loss: 0, fractionPositive: 0, hardestPositive: 0, hardestNegative: 0 };
  for (let a = 0; a < points.length; a++) {
    let [farthestPositive, nearestNegative] = [0, Infinity];
    for (let j = 0; j < points.length; j++) {
      if (labels[a] !== labels[j]) nearestNegative = Math.min(nearestNegative, d[a][j]);
      else if (j !== a) farthestPositive = Math.max(farthestPositive, d[a][j]);
    }
    // Without a negative the reference takes the largest distance: 0 (to itself) plus the maximum.
    if (nearestNegative === Infinity) nearestNegative = Math.max(...d[a]);
    const gap = farthestPositive - nearestNegative;
    const loss = margin === 'soft' ? Math.log(1 + Math.exp(gap)) : Math.max(gap + margin, 0);
    totals.loss += loss / points.length;
    totals.fractionPositive += (margin === 'soft' ? gap > 0 : loss > 0) ? 1 / points.length : 0;
    totals.hardestPositive += farthestPositive / points.length;
    totals.hardestNegative += nearestNegative / points.length;
  }
  return totals;
}

/** Mean norm; mean distances within and between classes; means over anchors of their hardest. */
export function plainGeometry(points: Points, labels: number[]): Record<string, number> {
  const d = plainDistances(points, false);
  const all = points.map((_, i) => i);
  const mean = (values: number[]): number =>
    values.reduce((sum, x) => sum + x, 0) / Math.max(values.length, 1);
  const distances = (a: number, same: boolean): number[] =>
    all.filter((j) => j !== a && (labels[a] === labels[j]) === same).map((j) => d[a][j]);
  const of = (same: boolean, choose: (list: number[]) => number[]): number =>
    mean(all.map((a) => distances(a, same)).flatMap((list) => (list.length ? choose(list) : [])));
  return {
    meanNorm: mean(points.map((point) => Math.hypot(...point))),
    betweenClassDistance: of(false, (list) => list),
    withinClassDistance: of(true, (list) => list),
    hardestPositive: of(true, (list) => [Math.max(...list)]),
    hardestNegative: of(false, (list) => [Math.min(...list)]),
  };
}

/** Mean cross-entropy, share of largest logits at the label, and (softmax - onehot) / B. */
export function plainSoftmax(
  logits: number[][],
  labels: number[],
): { loss: number; accuracy: number; gradient: number[][] } {
  const size = logits.length;
  let [loss, right] = [0, 0];
  const gradient = logits.map((row, i) => {
    const largest = Math.max(...row);
    const exponentials = row.map((z) => Math.exp(z - largest));
    const sum = exponentials.reduce((total, e) => total + e, 0);
    loss += (largest + Math.log(sum) - row[labels[i]]) / size;
    if (row.indexOf(largest) === labels[i]) right += 1 / size;
    return exponentials.map((e, k) => (e / sum - (k === labels[i] ? 1 : 0)) / size);
  });
  return { loss, accuracy: right, gradient };
}

/** The gradient of `f` by central differences: exact to about 1e-9 away from its kinks. */
export function plainGradient(f: (points: Points) => number, points: Points, step = 1e-6): Points {
  return points.map((point, i) =>
    point.map((x, j) => {
      const at = (value: number): number =>
        f(points.map((row, k) => (k === i ? row.map((y, l) => (l === j ? value : y)) : row)));
      return (at(x + step) - at(x - step)) / (2 * step);
    }),
  );
}
