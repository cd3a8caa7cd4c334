import { describe, expect, it } from 'vitest';
import type { Run } from '../experiment/run';
import type { LoggedEvent } from './event';
import { runEvents } from './run-events';

const summary = { steps: 200, seconds: 50 } as Run['summary'];
const metrics: Run['metrics'] = [
  { step: 100, split: 'train', values: { loss: 0.5, 'mean loss': 0.75 } },
  { step: 100, split: 'validation', values: { loss: 0.625, precisionAt1: 0.875 } },
  { step: 200, split: 'train', values: { loss: 0.25, 'mean loss': 0.375 } },
];

describe('runEvents', () => {
  it('gives the averages of both splits the same tags', () => {
    expect(runEvents({ metrics, summary }, 1000)).toEqual({
      train: [
        { step: 100, wallTime: 1025, values: { 'last-batch/loss': 0.5, loss: 0.75 } },
        { step: 200, wallTime: 1050, values: { 'last-batch/loss': 0.25, loss: 0.375 } },
      ],
      validation: [{ step: 100, wallTime: 1025, values: { loss: 0.625, precisionAt1: 0.875 } }],
    });
  });

  it('takes a number that JSON could not hold for NaN', () => {
    const line = JSON.parse(JSON.stringify({ ...metrics[0], values: { loss: NaN } }));
    expect(runEvents({ metrics: [line], summary }, 0).train[0].values).toEqual({
      'last-batch/loss': NaN,
    });
  });

  it('makes hostile names legal, and refuses two that become one', () => {
    const of = (values: Record<string, number>): unknown =>
      runEvents({ metrics: [{ step: 1, split: 'validation', values }], summary }, 0).validation[0];
    expect(of({ '<b>/..\n': 1, '': 2, 'précision@1': 3 })).toMatchObject({
      values: { '_b__.._': 1, _: 2, pr_cision_1: 3 },
    });
    expect(() => of({ 'a b': 1, a_b: 2 })).toThrow("two metrics would have the tag 'a_b'");
    const { values } = of(JSON.parse('{"__proto__": 1}')) as LoggedEvent;
    expect(Object.entries(values)).toEqual([['__proto__', 1]]);
  });
});
