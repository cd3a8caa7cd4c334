import { describe, expect, it } from 'vitest';
import { configure } from '../preset';
import { trialsOf } from './trials';

const names = (...args: Parameters<typeof trialsOf>): string[] =>
  trialsOf(...args).map(({ name }) => name);

describe('the trials of a sweep', () => {
  it('are named by what differs', () => {
    expect(names({ name: 'mnist' }, { margin: [0.5, 1], blocks: [2], seed: [1, 2] })).toEqual([
      'mnist-margin-0.5-seed-1',
      'mnist-margin-0.5-seed-2',
      'mnist-margin-1-seed-1',
      'mnist-margin-1-seed-2',
    ]);
    expect(names({}, [{ learningRate: 1e-7 }, { batchSize: 32 }, { name: 'mine' }])).toEqual([
      'sweep-learning-rate-1e-7-batch-size-64',
      'sweep-learning-rate-0.001-batch-size-32',
      'mine',
    ]);
    expect(names({}, [{ margin: 1 }])).toEqual(['sweep']);
    expect(names({}, { trainLimit: [undefined, 100] })).toEqual([
      'sweep-train-limit-all',
      'sweep-train-limit-100',
    ]);
  });

  it('have names that a run can have, however many settings differ', () => {
    const plan = [
      { strategy: 'batch_hard', margin: 'soft', sampling: 'balanced', batchSize: 60, dimension: 8 },
      { strategy: 'semi_hard', margin: 1e21, sampling: 'shuffled', batchSize: 50, dimension: 9 },
    ] as const;
    for (const name of names({ name: 'a'.repeat(60) }, plan)) expect(name).toHaveLength(64);
    expect(names({}, plan)[1]).toBe(
      'sweep-strategy-semi_hard-margin-1e21-sampling-shuffled-batch-siz',
    );
  });

  it('take their settings from the defaults < base < preset < overrides < plan', () => {
    const base = { margin: 1, seed: 7, steps: 1000 };
    const options = { preset: 'quick', overrides: { seed: 8, margin: 9, batchSize: 32 } } as const;
    const [first, second] = trialsOf(base, { margin: [2, 3] }, options);
    const expected = configure(base, 'quick', { ...options.overrides, margin: 2 });
    expect(first.config).toEqual({ ...expected, name: 'sweep-margin-2' });
    expect(first.config).toMatchObject({ steps: 40, seed: 8, batchSize: 32 });
    expect(second.config.margin).toBe(3);
    const [plain] = trialsOf(base, [{ seed: 1 }], { overrides: { batchSize: 32 } });
    expect(plain.config).toMatchObject({ margin: 1, seed: 1, steps: 1000, batchSize: 32 });
  });

  it('are all refused, with every mistake named once', () => {
    const plan = { margin: [0.5, -1, 'soft'] as const, seed: [1, 2] };
    expect(() => trialsOf({ batchSize: 1 }, plan)).toThrow(
      new TypeError(
        'sweep: batchSize: must be >= 2, got 1 (trials 1, 2, 5, 6 of 6); ' +
          'margin: must be > 0, got -1; ' +
          'batchSize: must be >= 2, got 1 (trials 3, 4 of 6)',
      ),
    );
    expect(() => trialsOf({ margin: -1 }, { seed: [1, 2] })).toThrow(/\(all 2 trials\)$/);
    expect(() => trialsOf({}, { seeds: [1] } as object)).toThrow(
      /^sweep: seeds: no such setting; the settings are name, .* \(the only trial\)$/,
    );
    expect(() => trialsOf({}, [])).toThrow('sweep: the plan must have a trial, got none');
  });
});
