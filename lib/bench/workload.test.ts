import { describe, expect, it } from 'vitest';
import { UsageError } from '../commands/command';
import { describeWorkload, select, workloads } from './workload';

const ALL = workloads({
  network: ['mnist', 'fashion'],
  loss: ['batch_all', 'softmax'],
  batch: [64, 256],
  threads: [1, 2],
});

describe('workloads', () => {
  it('are all combinations, each once', () => {
    expect(new Set(ALL.map((workload) => JSON.stringify(workload))).size).toBe(16);
    expect(ALL[1]).toEqual({ network: 'mnist', loss: 'batch_all', batch: 64, threads: 2 });
  });
});

describe('select', () => {
  it('leaves all without a term', () => {
    expect(select(ALL, [])).toEqual(ALL);
  });

  it('takes terms of one property as alternatives, and all properties together', () => {
    const selected = select(ALL, ['64', 'mnist', 'fashion', 'softmax']);
    expect(selected.map(describeWorkload)).toEqual([
      'mnist, softmax, batch 64, 1 thread',
      'mnist, softmax, batch 64, 2 threads',
      'fashion, softmax, batch 64, 1 thread',
      'fashion, softmax, batch 64, 2 threads',
    ]);
  });

  it.each(['minst', '', '6', '064', 'constructor'])("says what there is for '%s'", (term) => {
    expect(() => select(ALL, ['mnist', term])).toThrow(
      new UsageError(
        `--only must be some of mnist, batch_all, 64, 1, 2, 256, softmax, fashion; got '${term}'`,
      ),
    );
  });

  it('says when nothing is left', () => {
    const uneven = ALL.filter(({ network, batch }) => network === 'mnist' || batch === 64);
    expect(() => select(uneven, ['fashion', '256'])).toThrow(
      new UsageError('--only fashion,256 leaves nothing'),
    );
  });
});

describe('describeWorkload', () => {
  it('names no network where there is none', () => {
    expect(describeWorkload({ network: 'none', loss: 'semi_hard', batch: 8, threads: 1 })).toBe(
      'semi_hard, batch 8, 1 thread',
    );
  });
});
