import { configuration, type Configuration } from './configuration';

/** How much work a notebook does: seconds, for tests; minutes; the published schedule. */
export const PRESETS = ['smoke', 'quick', 'paper'] as const;

/** One of `PRESETS`. */
export type Preset = (typeof PRESETS)[number];

/** All that a preset sets: how long, how often, how much. Never what is studied. */
interface PresetSettings {
  /** The steps that it makes of those of the published schedule. */
  scaled: (published: number) => number;
  /** Evaluations during a run. */
  evaluations: number;
  /** Lines of training metrics during a run. */
  lines: number;
  limits: Pick<Configuration, 'trainLimit' | 'testLimit'>;
  projectionIterations: Record<'tsne' | 'umap', number>;
}

const SETTINGS: Record<Preset, PresetSettings> = {
  smoke: {
    scaled: (published) => Math.min(published, 40),
    evaluations: 2,
    lines: 8,
    limits: { trainLimit: 2_000, testLimit: 500 },
    projectionIterations: { tsne: 50, umap: 50 },
  },
  quick: {
    scaled: (published) => Math.min(Math.ceil(published / 25), 8_000),
    evaluations: 5,
    lines: 75,
    limits: {},
    projectionIterations: { tsne: 500, umap: 200 },
  },
  paper: {
    scaled: (published) => published,
    evaluations: 10,
    lines: 150,
    limits: {},
    projectionIterations: { tsne: 1000, umap: 500 },
  },
};

/**
 * The configuration of an experiment under a preset: defaults < experiment < preset < overrides.
 *
 * The steps of the experiment (default: 18,750, the MNIST study's) are those of its published
 * schedule. 'paper' takes them all, 'quick' a twenty-fifth and at most 8,000, 'smoke' at most 40.
 * Evaluations and lines of metrics are spread evenly over the steps; an experiment's own intervals
 * hold for 'paper'.
 *
 * @param experiment what is studied: margin, strategy, network, ..., and its published schedule
 * @param preset 'smoke', 'quick' or 'paper'
 * @param overrides a reader's own changes, which win; intervals follow overridden steps
 * @throws TypeError when the preset is unknown or a setting is wrong
 */
export function configure(
  experiment: Partial<Configuration>,
  preset: Preset,
  overrides: Partial<Configuration> = {},
): Configuration {
  const { scaled, evaluations, lines, limits } = settingsOf(preset);
  const published = configuration({ steps: experiment.steps }).steps;
  const { steps } = configuration({ steps: overrides.steps ?? scaled(published) });
  const stated = preset === 'paper' ? experiment : {};
  return configuration({
    ...experiment,
    ...limits,
    steps,
    evaluateEvery: stated.evaluateEvery ?? Math.ceil(steps / evaluations),
    logEvery: stated.logEvery ?? Math.ceil(steps / lines),
    ...overrides,
  });
}

/** How many iterations a projection runs for under a preset. */
export function projectionIterations(preset: Preset, method: 'tsne' | 'umap'): number {
  return settingsOf(preset).projectionIterations[method];
}

function settingsOf(preset: Preset): PresetSettings {
  if (!PRESETS.includes(preset)) {
    throw new TypeError(`preset: must be one of ${PRESETS.join(', ')}, got '${String(preset)}'`);
  }
  return SETTINGS[preset];
}
