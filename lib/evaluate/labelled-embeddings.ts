import type { Matrix } from '../data/matrix';
import { requireComparable } from './distance-rows';

/** Embeddings with the class of each. */
export interface LabelledEmbeddings {
  /** One row per item. */
  embeddings: Matrix;
  /** Class of each row, whole numbers; length = number of rows. */
  labels: ArrayLike<number>;
}

/** Queries and the items they are compared with, checked. */
export interface Comparison {
  query: Matrix;
  queryLabels: Int32Array;
  reference: Matrix;
  referenceLabels: Int32Array;
  /** Whether the reference is the query set itself, so that no item is compared with itself. */
  leaveOneOut: boolean;
  /** The number of reference items of the class of query i, itself left out: R. */
  relevant(i: number): number;
}

/**
 * Checks and completes what a metric is computed from: without a reference, every query is compared
 * with all other queries (leave-one-out).
 *
 * @throws RangeError when labels and rows differ in number, a label is not a whole number, the
 *   columns differ, a value is NaN or infinite, or the reference is the query set again
 */
export function comparison(
  caller: string,
  query: LabelledEmbeddings,
  reference?: LabelledEmbeddings,
): Comparison {
  if (reference?.embeddings.data === query.embeddings.data) {
    throw new RangeError(
      `${caller}: query and reference must not be the same embeddings, where every item finds ` +
        `itself; leave the reference out for leave-one-out`,
    );
  }
  const leaveOneOut = reference === undefined;
  const compared = reference ?? query;
  requireComparable(caller, query.embeddings, compared.embeddings);
  const queryLabels = checkedLabels(caller, 'query', query);
  const referenceLabels = checkedLabels(caller, 'reference', compared);
  const counts = new Map<number, number>();
  for (const label of referenceLabels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const itself = leaveOneOut ? 1 : 0;
  return {
    query: query.embeddings,
    queryLabels,
    reference: compared.embeddings,
    referenceLabels,
    leaveOneOut,
    relevant: (i) => (counts.get(queryLabels[i]) ?? 0) - itself,
  };
}

function checkedLabels(caller: string, name: string, items: LabelledEmbeddings): Int32Array {
  const { labels, embeddings } = items;
  if (labels.length !== embeddings.shape[0]) {
    throw new RangeError(
      `${caller}: ${name} must have a label for each of its ${embeddings.shape[0]} rows, ` +
        `got ${labels.length}`,
    );
  }
  const checked = Int32Array.from(labels);
  const wrong = checked.findIndex((label, i) => label !== labels[i]);
  if (wrong !== -1) {
    throw new RangeError(
      `${caller}: ${name} labels must be whole numbers, label ${wrong} is ${labels[wrong]}`,
    );
  }
  return checked;
}
