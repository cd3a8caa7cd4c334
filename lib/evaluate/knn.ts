import type { ComparisonOptions } from './distance-rows';
import { type Comparison, comparison, type LabelledEmbeddings } from './labelled-embeddings';
import { majorityVotes } from './neighbour-votes';
import { nearestNeighbours, type Neighbours } from './neighbours';

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
  const { k = 1 } = options;
  const compared = comparison('knnPredictions', query, reference);
  return majorityVotes(await neighboursOf(compared, k, options), compared.referenceLabels);
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
  const { k = 1 } = options;
  return (await knnAccuracies(query, reference, [k], options))[k];
}

/**
 * `knnAccuracy` for several k, from one search.
 *
 * @param ks numbers of neighbours that vote
 * @returns the accuracy by k
 * @throws RangeError as `knnAccuracy`, and when there is no k
 */
export async function knnAccuracies(
  query: LabelledEmbeddings,
  reference: LabelledEmbeddings | undefined,
  ks: number[],
  options: ComparisonOptions = {},
): Promise<Record<number, number>> {
  if (ks.length === 0) throw new RangeError('knnAccuracies: ks must not be empty');
  const compared = comparison('knnAccuracy', query, reference);
  const neighbours = await neighboursOf(compared, Math.max(...ks), options);
  return Object.fromEntries(
    ks.map((k) => [k, accuracy(compared, majorityVotes(neighbours, compared.referenceLabels, k))]),
  );
}

function accuracy(compared: Comparison, predicted: Int32Array): number {
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

function neighboursOf(
  { query, reference, leaveOneOut }: Comparison,
  k: number,
  { signal, onProgress }: ComparisonOptions,
): Promise<Neighbours> {
  return nearestNeighbours(query, reference, k, { excludeSelf: leaveOneOut, signal, onProgress });
}
