import { seededRandom } from '../../data/random';
import { configuration, type Configuration } from '../configuration';

/** The values to try of each setting; seeds are a setting like any other. */
export type Grid = {
  readonly [Setting in keyof Configuration]?: readonly Configuration[Setting][];
};

/** The settings of each trial, which win over those that all trials have in common. */
export type Plan = readonly Partial<Configuration>[];

/** A setting and its values. */
type Factor = [setting: string, values: readonly unknown[]];

/**
 * Every combination of the values, the last setting changing fastest:
 * `gridPlan({ margin: [0.5, 1], seed: [1, 2] })` has four trials, margin 0.5 with both seeds first.
 *
 * @throws TypeError when a setting has no list of values, or an empty one
 */
export function gridPlan(grid: Grid): Plan {
  let plan: Record<string, unknown>[] = [{}];
  for (const [setting, values] of factorsOf('gridPlan', grid)) {
    plan = plan.flatMap((trial) => values.map((value) => ({ ...trial, [setting]: value })));
  }
  return plan;
}

/** Options of `randomPlan`. */
export interface RandomPlanOptions {
  /** How many combinations to draw. */
  trials: number;
  /** Of the draw. Default 1. */
  seed?: number;
}

/**
 * Some of the combinations of `gridPlan`, drawn at random without repetition, each as likely as any
 * other. Where few of many settings matter, it finds good values of those in fewer trials than a grid
 * (J. Bergstra, Y. Bengio, *Random Search for Hyper-Parameter Optimization*, 2012).
 *
 * @throws TypeError as `gridPlan` does; RangeError when trials is not a whole number > 0 or exceeds
 *   the number of combinations
 */
export function randomPlan(grid: Grid, { trials, seed = 1 }: RandomPlanOptions): Plan {
  const factors = factorsOf('randomPlan', grid).map(
    ([setting, values]): Factor => [setting, [...new Set(values)]],
  );
  const combinations = factors.reduce((product, [, values]) => product * values.length, 1);
  if (!(Number.isSafeInteger(trials) && trials > 0 && trials <= combinations)) {
    throw new RangeError(
      `randomPlan: trials must be a whole number from 1 to ${combinations}, the number of ` +
        `combinations, got ${trials}`,
    );
  }
  const random = seededRandom(seed);
  const drawn = new Map<string, Record<string, unknown>>();
  while (drawn.size < trials) {
    const places = factors.map(([, values]) => Math.floor(random() * values.length));
    const trial = factors.map(([setting, values], i) => [setting, values[places[i]]]);
    drawn.set(places.join(), Object.fromEntries(trial) as Record<string, unknown>);
  }
  return [...drawn.values()];
}

/**
 * One setting at a time: first what all share, then for each setting its other values, while the
 * remaining settings keep the value that they have in `base`. With n values of k settings that makes
 * 1 + k (n - 1) trials instead of n^k; how settings act together it does not show.
 *
 * @param base the settings to depart from; what is left out has its default
 * @throws TypeError as `gridPlan` does, and when `base` has a wrong setting
 */
export function oneFactorPlan(base: Partial<Configuration>, grid: Grid): Plan {
  const factors = factorsOf('oneFactorPlan', grid);
  const complete = configuration(base) as unknown as Record<string, unknown>;
  const start = Object.fromEntries(factors.map(([setting]) => [setting, complete[setting]]));
  const departures = factors.flatMap(([setting, values]) =>
    values
      .filter((value) => value !== start[setting])
      .map((value) => ({ ...start, [setting]: value })),
  );
  return [start, ...departures];
}

function factorsOf(caller: string, grid: Grid): Factor[] {
  const factors = Object.entries(grid) as [string, unknown][];
  for (const [setting, values] of factors) {
    if (Array.isArray(values) && values.length > 0) continue;
    const found = Array.isArray(values) ? 'an empty list' : String(values);
    throw new TypeError(`${caller}: ${setting} must be a list of values to try, got ${found}`);
  }
  return factors as Factor[];
}
