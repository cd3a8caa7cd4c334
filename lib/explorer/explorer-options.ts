import type { Matrix } from '../data/matrix';
import type { OnProgress } from '../data/progress';
import type { Epoch } from '../projection/procrustes';

/** What an explorer shows. */
export interface ExplorerOptions {
  /** Stands above the plot. */
  title: string;
  /** [n, height, width]: grey values, 0 is black; n from 2 to 65,536. */
  images: Uint8Array;
  /** Rows of pixels of each image. */
  height: number;
  /** Columns of pixels of each image. */
  width: number;
  /** [n]: the class of each image, an index into `classNames`. */
  labels: ArrayLike<number>;
  /** The name of each class, for the legend. */
  classNames: readonly string[];
  /** [n, d]: neighbours are searched among these, by Euclidean distance, not in the plane. */
  embeddings: Matrix;
  /** [n, 2] each: ways to lay the points out, by name, the first to begin with: { UMAP: points }. */
  projections: Record<string, Matrix>;
  /**
   * Positions [n, 2] during training, in order, the last being the final ones. They are aligned as
   * by `alignEpochs`, the last to the first projection. Default: none.
   */
  epochs?: readonly Epoch[];
  /** [n]: the class predicted for each image. Default: the majority vote of its neighbours. */
  predictions?: ArrayLike<number>;
  /** Number of neighbours shown, from 1 to n - 1. Default: 10, or n - 1 where there are fewer. */
  neighbours?: number;
  /** Small print under the plot. Default: none. */
  caption?: string;
  /**
   * Whether dark and light of the images are swapped on a light page, so that what is bright stands
   * dark on white. Default: true.
   */
  invert?: boolean;
  /** Ends the search for neighbours: the promise then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Receives the number of points whose neighbours are found. */
  onProgress?: OnProgress;
}
