import { configuration, type Configuration } from '../configuration';
import { configure, type Preset } from '../preset';
import { gridPlan, type Grid, type Plan } from './plan';

/** One configuration of a sweep. */
export interface Trial {
  /** For people: what tells it from the other trials, 'mnist-margin-0.5-seed-1'. */
  name: string;
  config: Configuration;
}

/** How the settings of a trial are completed. */
export interface TrialOptions {
  /** How long, how often, how much (see `configure`). Default: the settings are taken as they are. */
  preset?: Preset;
  /** A reader's own changes, which win over `base` and the preset, but not over the plan. */
  overrides?: Partial<Configuration>;
}

/** As long as the name of a run may be. */
const LONGEST_NAME = 64;

/**
 * The complete configurations of a sweep, in the order of the plan, each with a name.
 *
 * @throws TypeError naming all mistakes in all trials
 */
export function trialsOf(
  base: Partial<Configuration>,
  plan: Grid | Plan,
  options: TrialOptions = {},
): Trial[] {
  requireSettings('base', base);
  requireSettings('the grid', plan);
  const settings = isPlan(plan) ? plan : gridPlan(plan);
  if (settings.length === 0) throw new TypeError('sweep: the plan must have a trial, got none');
  const configs = configurations(base, settings, options);
  const differing = differingSettings(
    configs,
    settings.flatMap((trial) => Object.keys(trial) as (keyof Configuration)[]),
  );
  const prefix = options.overrides?.name ?? base.name ?? 'sweep';
  return configs.map((config, i) => {
    const name = settings[i].name ?? nameOf(prefix, config, differing);
    return { name, config: { ...config, name } };
  });
}

/** Callers without types, and files, give what they like. */
function requireSettings(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(
      `sweep: ${name} must be an object of settings, got ${JSON.stringify(value)}`,
    );
  }
}

/**
 * The settings that are not the same in all configurations, but for the name; of `among`, in its order.
 *
 * @param among default: all settings
 */
export function differingSettings(
  configs: readonly Configuration[],
  among: readonly (keyof Configuration)[] = [
    ...new Set(configs.flatMap((config) => Object.keys(config) as (keyof Configuration)[])),
  ],
): (keyof Configuration)[] {
  return [...new Set(among)].filter(
    (setting) =>
      setting !== 'name' && configs.some((config) => config[setting] !== configs[0][setting]),
  );
}

function isPlan(plan: Grid | Plan): plan is Plan {
  return Array.isArray(plan);
}

function configurations(
  base: Partial<Configuration>,
  plan: Plan,
  { preset, overrides }: TrialOptions,
): Configuration[] {
  const mistakes = new Map<string, number[]>();
  const configs = plan.map((settings, i) => {
    try {
      return preset === undefined
        ? configuration({ ...base, ...overrides, ...settings })
        : configure(base, preset, { ...overrides, ...settings });
    } catch (error) {
      const mistake = (error as Error).message.replace(/^configuration: /, '');
      mistakes.set(mistake, [...(mistakes.get(mistake) ?? []), i + 1]);
      return undefined;
    }
  });
  if (mistakes.size === 0) return configs as Configuration[];
  const list = [...mistakes].map(([mistake, trials]) => `${mistake} (${places(trials, plan)})`);
  throw new TypeError(`sweep: ${list.join('; ')}`);
}

/** 'all 6 trials', 'trial 2 of 6', 'trials 2, 4, 6 of 6' */
function places(trials: number[], plan: Plan): string {
  if (trials.length === plan.length) {
    return plan.length === 1 ? 'the only trial' : `all ${plan.length} trials`;
  }
  return `${trials.length === 1 ? 'trial' : 'trials'} ${trials.join(', ')} of ${plan.length}`;
}

function nameOf(
  prefix: string,
  config: Configuration,
  settings: readonly (keyof Configuration)[],
): string {
  const parts = settings.map((setting) => `${kebab(setting)}-${config[setting] ?? 'all'}`);
  return [prefix, ...parts]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '')
    .slice(0, LONGEST_NAME)
    .replace(/-$/, '');
}

/** batchSize: batch-size */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
