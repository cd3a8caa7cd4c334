import { requirePositive } from '../data/require-positive';
import { type ComparisonOptions, distanceRows } from './distance-rows';
import { type Comparison, comparison, type LabelledEmbeddings } from './labelled-embeddings';
import { createRanking } from './ranking';

/** Retrieval metrics of one class: means over the queries of that class. */
export interface ClassRetrievalMetrics {
  /** Share of queries whose nearest item is of their class. */
  precisionAt1: number;
  /** Mean share of hits among the R nearest. */
  rPrecision: number;
  /** Mean average precision at R. */
  mapAtR: number;
  /** Number of queries that were scored. */
  count: number;
}

/** How well nearest items share the query's class; every figure is in [0, 1], 1 is best. */
export interface RetrievalMetrics {
  /** Share of queries whose nearest item is of their class (rank-1). */
  precisionAt1: number;
  /** For each k: share of queries with an item of their class among the k nearest. */
  recallAt: Record<number, number>;
  /** Mean share of hits among the R nearest. */
  rPrecision: number;
  /** Mean average precision at R. */
  mapAtR: number;
  /** The metrics of each class, by label; only classes with a scored query. */
  perClass: Record<number, ClassRetrievalMetrics>;
  /** Number of queries that were scored. */
  queries: number;
}

/** Options of `retrievalMetrics`. */
export interface RetrievalOptions extends ComparisonOptions {
  /** The k of recall@k. A k beyond the number of items takes all. Default: [1, 2, 4, 8]. */
  ks?: number[];
}

/**
 * Ranks the reference items for every query by Euclidean distance (float32, ties by smaller index)
 * and scores the ranking. With R = number of reference items of the query's class, without the query
 * itself, and rel(i) = 1 where the item at rank i is of that class:
 *
 *     R-precision = (1/R) sum_{i<=R} rel(i)
 *     MAP@R       = (1/R) sum_{i<=R} P(i) rel(i),   P(i) = (1/i) sum_{j<=i} rel(j)
 *
 * as Musgrave, Belongie and Lim (2020) define them. Queries with R = 0 are left out, not scored 0.
 * Without a reference, every item is a query against all others (leave-one-out).
 *
 * @param query items to search with
 * @param reference items to search in; default: the queries, leave-one-out
 * @throws RangeError when the input is malformed (labels, columns, NaN) or no query can be scored;
 *   the signal's reason when it aborts
 */
export async function retrievalMetrics(
  query: LabelledEmbeddings,
  reference?: LabelledEmbeddings,
  options: RetrievalOptions = {},
): Promise<RetrievalMetrics> {
  const { ks = [1, 2, 4, 8] } = options;
  for (const k of ks) requirePositive('retrievalMetrics', { k });
  const compared = comparison('retrievalMetrics', query, reference);
  const rank = createRanking(compared.reference.shape[0]);
  const scores = new Map<number, Score[]>();
  const rows = distanceRows(compared.query, compared.reference, 'retrieval', options);
  for await (const { index, distances } of rows) {
    if (compared.relevant(index) === 0) continue;
    const label = compared.queryLabels[index];
    const ofClass = scores.get(label) ?? [];
    ofClass.push(score(compared, index, rank(distances)));
    scores.set(label, ofClass);
  }
  return summary(scores, ks);
}

/** What the ranking of one query is worth. */
interface Score {
  /** Rank of the nearest item of the query's class, from 1. */
  firstHit: number;
  rPrecision: number;
  averagePrecision: number;
}

function score(compared: Comparison, index: number, order: Int32Array): Score {
  const { queryLabels, referenceLabels, leaveOneOut } = compared;
  const label = queryLabels[index];
  const relevant = compared.relevant(index);
  let rank = 0;
  let firstHit = Infinity;
  let hits = 0;
  let precisions = 0;
  for (let place = 0; rank < relevant || firstHit === Infinity; place++) {
    const item = order[place];
    if (leaveOneOut && item === index) continue;
    rank++;
    if (referenceLabels[item] !== label) continue;
    firstHit = Math.min(firstHit, rank);
    if (rank > relevant) break;
    hits++;
    precisions += hits / rank;
  }
  return { firstHit, rPrecision: hits / relevant, averagePrecision: precisions / relevant };
}

function summary(scores: Map<number, Score[]>, ks: number[]): RetrievalMetrics {
  const all = [...scores.values()].flat();
  if (all.length === 0) {
    throw new RangeError(
      'retrievalMetrics: no query can be scored: no class of the queries is in the reference',
    );
  }
  const { count, ...overall } = metricsOf(all);
  const classes = [...scores.keys()].sort((a, b) => a - b);
  return {
    ...overall,
    recallAt: Object.fromEntries(ks.map((k) => [k, mean(all, (s) => Number(s.firstHit <= k))])),
    perClass: Object.fromEntries(classes.map((label) => [label, metricsOf(scores.get(label)!)])),
    queries: count,
  };
}

function metricsOf(scores: Score[]): ClassRetrievalMetrics {
  return {
    precisionAt1: mean(scores, (s) => Number(s.firstHit === 1)),
    rPrecision: mean(scores, (s) => s.rPrecision),
    mapAtR: mean(scores, (s) => s.averagePrecision),
    count: scores.length,
  };
}

function mean(scores: Score[], value: (score: Score) => number): number {
  return scores.reduce((sum, s) => sum + value(s), 0) / scores.length;
}
