import { describe, expect, it } from 'vitest';
import { gridPlan, oneFactorPlan, randomPlan } from './plan';

const grid = { margin: [0.5, 1, 3], batchSize: [64, 128], seed: [1, 2] };

describe('gridPlan', () => {
  it('has every combination once, the last setting changing fastest', () => {
    const expected = [];
    for (const margin of grid.margin) {
      for (const batchSize of grid.batchSize) {
        for (const seed of grid.seed) expected.push({ margin, batchSize, seed });
      }
    }
    expect(gridPlan(grid)).toEqual(expected);
  });

  it('of nothing is one trial that changes nothing', () => {
    expect(gridPlan({})).toEqual([{}]);
  });

  it.each<[object, string]>([
    [{ margin: 0.5 }, 'gridPlan: margin must be a list of values to try, got 0.5'],
    [
      { margin: [1], seed: [] },
      'gridPlan: seed must be a list of values to try, got an empty list',
    ],
    [{ seed: undefined }, 'gridPlan: seed must be a list of values to try, got undefined'],
  ])('refuses %j', (wrong, message) => {
    expect(() => gridPlan(wrong)).toThrow(new TypeError(message));
  });
});

describe('randomPlan', () => {
  const all = gridPlan(grid).map((trial) => JSON.stringify(trial));

  it('draws combinations of the grid, none twice, the same for a seed', () => {
    for (let trials = 1; trials <= all.length; trials++) {
      const drawn = randomPlan(grid, { trials, seed: trials });
      expect(drawn).toEqual(randomPlan(grid, { trials, seed: trials }));
      const texts = drawn.map((trial) => JSON.stringify(trial));
      expect(new Set(texts).size).toBe(trials);
      for (const text of texts) expect(all).toContain(text);
    }
  });

  it('draws each combination about equally often', () => {
    const counts = new Map(all.map((text) => [text, 0]));
    for (let seed = 0; seed < 1200; seed++) {
      const [first] = randomPlan(grid, { trials: 1, seed });
      counts.set(JSON.stringify(first), counts.get(JSON.stringify(first))! + 1);
    }
    // 100 each; a standard deviation is 10.
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(45);
  });

  it('counts a value that is given twice once', () => {
    expect(randomPlan({ seed: [7, 7, 7] }, { trials: 1 })).toEqual([{ seed: 7 }]);
    expect(() => randomPlan({ seed: [7, 7, 7] }, { trials: 2 })).toThrow(
      'randomPlan: trials must be a whole number from 1 to 1, the number of combinations, got 2',
    );
  });

  it.each([0, 1.5, 13, NaN])('cannot draw %d trials', (trials) => {
    expect(() => randomPlan(grid, { trials })).toThrow(RangeError);
  });
});

describe('oneFactorPlan', () => {
  it('departs from the base in one setting at a time', () => {
    const base = { blocks: 3, steps: 10 } as const;
    expect(oneFactorPlan(base, { blocks: [2, 3], batchSize: [32, 64, 128] })).toEqual([
      { blocks: 3, batchSize: 64 },
      { blocks: 2, batchSize: 64 },
      { blocks: 3, batchSize: 32 },
      { blocks: 3, batchSize: 128 },
    ]);
  });

  it('refuses a base that is none', () => {
    expect(() => oneFactorPlan({ margin: -1 }, { blocks: [2] })).toThrow(
      'configuration: margin: must be > 0, got -1',
    );
  });
});
