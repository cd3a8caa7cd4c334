import { comparison, type LabelledEmbeddings } from './labelled-embeddings';
import { type ComparisonOptions, distanceRows } from './distance-rows';

/** How the distances between items are distributed, within classes and between them. */
export interface DistanceDistribution {
  /** The middle of each bin, in units of distance. */
  distances: Float64Array;
  /** Density of the distances between two different items of one class; integrates to 1. */
  sameClass: Float64Array;
  /** Density of the distances between items of different classes; integrates to 1. */
  differentClass: Float64Array;
  /** Mean distance of each kind. */
  mean: { sameClass: number; differentClass: number };
}

/** Options of `distanceDistribution`. */
export interface DistributionOptions extends ComparisonOptions {
  /** Number of bins. Default 80. */
  bins?: number;
  /** The end of the last bin; longer distances are counted there. Default 2, for unit vectors. */
  longest?: number;
}

/**
 * Histograms of all pairwise Euclidean distances, of pairs within a class and of pairs across two.
 *
 * @throws RangeError when the input is malformed, or all items or none are of one class
 */
export async function distanceDistribution(
  items: LabelledEmbeddings,
  { bins = 80, longest = 2, ...options }: DistributionOptions = {},
): Promise<DistanceDistribution> {
  const { query, queryLabels } = comparison('distanceDistribution', items);
  const counts = { same: new Float64Array(bins), different: new Float64Array(bins) };
  const sums = { same: 0, different: 0 };
  for await (const { index, distances } of distanceRows(query, query, 'distances', options)) {
    for (let j = 0; j < index; j++) {
      const kind = queryLabels[j] === queryLabels[index] ? 'same' : 'different';
      counts[kind][Math.min(bins - 1, Math.floor((distances[j] / longest) * bins))]++;
      sums[kind] += distances[j];
    }
  }
  const width = longest / bins;
  const total = (list: Float64Array): number => list.reduce((sum, n) => sum + n, 0);
  const [same, different] = [total(counts.same), total(counts.different)];
  if (same === 0 || different === 0) {
    throw new RangeError(
      `distanceDistribution: needs pairs of both kinds, got ${same} within a class and ${different} across`,
    );
  }
  return {
    distances: Float64Array.from({ length: bins }, (_, i) => (i + 0.5) * width),
    sameClass: counts.same.map((n) => n / same / width),
    differentClass: counts.different.map((n) => n / different / width),
    mean: { sameClass: sums.same / same, differentClass: sums.different / different },
  };
}
