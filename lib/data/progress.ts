/** How far a long piece of work has come. */
export interface Progress {
  /** What is being done, for a reader: 'train margin 0.5'. */
  label: string;
  /** Units of work that are finished. */
  done: number;
  /** Units of work in all. */
  total: number;
  /** What a unit is: 'step', 'epoch'. Default: none is named. */
  unit?: string;
  /** The newest figures, shown beside the bar: { loss: 0.31 }. Default: none. */
  metrics?: Record<string, number>;
}

/** Receives progress; it must return quickly, and it may be called often. */
export type OnProgress = (progress: Progress) => void;
