import type { Configuration } from '../experiment/configuration';
import type { Preset } from '../experiment/preset';

/** What the parameter cell of a notebook holds, and `tripletlab notebooks` replaces. */
export interface NotebookParameters {
  /** 'smoke': seconds, for tests; 'quick': minutes; 'paper': the published schedule. */
  preset: Preset;
  /** Of the initial weights, the order of the images and the projections. */
  seed: number;
  /** Settings that win over the experiment's and the preset's: { steps: 2000 }. */
  overrides: Partial<Configuration>;
}
