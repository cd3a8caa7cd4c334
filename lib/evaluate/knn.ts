import type { ComparisonOptions } from './distance-rows';
import { type Comparison, comparison, type LabelledEmbeddings } from './labelled-embeddings';
import { nearestNeighbours } from './neighbours';

/** Options of `knnPredictions` and `knnAccuracy`. */
export interface KnnOptions extends ComparisonOptions {
  /** Number of neighbours that vote. Default: 1. */
  k?: number;
}

/**
 * The class of every query by majority vote of its k nearest reference items (Euclidean); among
 * classes with equally many votes, the one that has the nearest item wins. Without a reference,
 * the other queries vote (leave-one-out).
 *
 * @returns predicted labels, int32, one per query
 * @throws RangeError when the input is malformed (labels, columns, NaN) or k is out of range; the
 *   signal's reason when it aborts
 */
export async function knnPredictions(
  query: LabelledEmbeddings,
  reference?: LabelledEmbeddings,
  options: KnnOptions = {},
): Promise<Int32Array> {
  return predict(comparison('knnPredictions', query, reference), options);
}

/**
 * The share of queries whose class `knnPredictions` gets right, in [0, 1]. Queries whose class is
 * absent from the reference are left out, as in `retrievalMetrics`, so with k = 1 it is that
 * function's precisionAt1, without the cost of a full ranking.
 *
 * @throws RangeError as `knnPredictions`, and when no query can be scored
 */
export async function knnAccuracy(
  query: LabelledEmbeddings,
  reference?: LabelledEmbeddings,
  options: KnnOptions = {},
): Promise<number> {
  const compared = comparison('knnAccuracy', query, reference);
  const predicted = await predict(compared, options);
  let scored = 0;
  let right = 0;
  compared.queryLabels.forEach((label, i) => {
    if (compared.relevant(i) === 0) return;
    scored++;
    if (predicted[i] === label) right++;
  });
  if (scored === 0) {
    throw new RangeError(
      'knnAccuracy: no query can be scored: no class of the queries is in the reference',
    );
  }
  return right / scored;
}

async function predict(compared: Comparison, options: KnnOptions): Promise<Int32Array> {
  const { query, reference, referenceLabels, leaveOneOut } = compared;
  const { k = 1, signal, onProgress } = options;
  const { indices } = await nearestNeighbours(query, reference, k, {
    excludeSelf: leaveOneOut,
    signal,
    onProgress,
  });
  return Int32Array.from({ length: query.shape[0] }, (_, i) =>
    majority(Array.from(indices.subarray(i * k, (i + 1) * k), (item) => referenceLabels[item])),
  );
}

/** The most frequent label; among equally frequent ones, the first. */
function majority(labels: number[]): number {
  const votes = new Map<number, number>();
  for (const label of labels) votes.set(label, (votes.get(label) ?? 0) + 1);
  // A Map keeps the order of insertion: nearest first.
  let [winner, most] = [labels[0], 0];
  for (const [label, count] of votes) {
    if (count > most) [winner, most] = [label, count];
  }
  return winner;
}
