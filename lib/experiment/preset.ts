import { configuration, type Configuration } from './configuration';

/** How much work a notebook does: seconds, for tests; minutes; the published schedule. */
export const PRESETS = ['smoke', 'quick', 'paper'] as const;

/** One of `PRESETS`. */
export type Preset = (typeof PRESETS)[number];

/** All that a preset sets: how long, how often, how much. Never what is studied. */
interface PresetSettings {
  run: Pick<Configuration, 'steps' | 'evaluateEvery' | 'logEvery' | 'trainLimit' | 'testLimit'>;
  projectionIterations: number;
}

const SETTINGS: Record<Preset, PresetSettings> = {
  smoke: {
    run: { steps: 40, evaluateEvery: 20, logEvery: 5, trainLimit: 2_000, testLimit: 500 },
    projectionIterations: 50,
  },
  quick: {
    run: { steps: 750, evaluateEvery: 150, logEvery: 10 },
    projectionIterations: 200,
  },
  paper: {
    run: { steps: 18_750, evaluateEvery: 1_875, logEvery: 125 },
    projectionIterations: 500,
  },
};

/**
 * The configuration of an experiment under a preset: defaults < experiment < preset < overrides.
 *
 * @param experiment what is studied: margin, strategy, network, ...
 * @param preset 'smoke', 'quick' or 'paper'
 * @param overrides a reader's own changes, which win
 * @throws TypeError when the preset is unknown or a setting is wrong
 */
export function configure(
  experiment: Partial<Configuration>,
  preset: Preset,
  overrides: Partial<Configuration> = {},
): Configuration {
  return configuration({ ...experiment, ...settingsOf(preset).run, ...overrides });
}

/** How many iterations a projection runs for under a preset. */
export function projectionIterations(preset: Preset): number {
  return settingsOf(preset).projectionIterations;
}

function settingsOf(preset: Preset): PresetSettings {
  if (!PRESETS.includes(preset)) {
    throw new TypeError(`preset: must be one of ${PRESETS.join(', ')}, got '${String(preset)}'`);
  }
  return SETTINGS[preset];
}
