import type { Neighbours } from './neighbours';

/** How many neighbours are of the class of their query. */
export interface NeighbourPrecision {
  /** Share of all neighbours: precision@k, averaged over queries. */
  precision: number;
  /** The same of the queries of each class, by label. */
  perClass: Record<number, number>;
}

/**
 * Precision@k: the share of a query's k nearest items that are of its class, averaged over queries.
 *
 * @param queryLabels class of each query
 * @param referenceLabels class of each item that was searched in
 * @throws RangeError when queryLabels has not one label for each query
 */
export function neighbourPrecision(
  { indices, k }: Neighbours,
  queryLabels: ArrayLike<number>,
  referenceLabels: ArrayLike<number>,
): NeighbourPrecision {
  const queries = indices.length / k;
  if (queryLabels.length !== queries) {
    throw new RangeError(
      `neighbourPrecision: queryLabels must have a label for each of the ${queries} queries, ` +
        `got ${queryLabels.length}`,
    );
  }
  const right = new Map<number, number>();
  const all = new Map<number, number>();
  indices.forEach((item, place) => {
    const label = queryLabels[Math.floor(place / k)];
    const hit = referenceLabels[item] === label ? 1 : 0;
    right.set(label, (right.get(label) ?? 0) + hit);
    all.set(label, (all.get(label) ?? 0) + 1);
  });
  const total = (counts: Map<number, number>): number =>
    [...counts.values()].reduce((sum, count) => sum + count, 0);
  return {
    precision: total(right) / total(all),
    perClass: Object.fromEntries(Array.from(all, ([label, n]) => [label, right.get(label)! / n])),
  };
}
