import type { Item } from './items';

/** An item near to a query. */
export interface Recommendation extends Item {
  /** Euclidean distance to the query: of float32 values, computed in float64. */
  distance: number;
}

/** Which items to recommend. */
export interface RecommendOptions {
  /** Only items of this class, given by its name or its label; default: of all classes. */
  class?: string | number;
}
