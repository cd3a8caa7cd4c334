/** How a step is run. */
export const ENGINES = [
  'auto',
  'compiled',
  'compiled-webgpu',
  'compiled-cuda',
  'tensorflow',
  'wasm',
  'cpu',
] as const;

/** One of `ENGINES`. */
export type Engine = (typeof ENGINES)[number];

/** An engine that was chosen, and why, for the record. */
export interface EngineChoice {
  /** What runs the steps; never 'auto'. */
  engine: Exclude<Engine, 'auto'>;
  /** Why it was chosen, for a reader. */
  reason: string;
}
