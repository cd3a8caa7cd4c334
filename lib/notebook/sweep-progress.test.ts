import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Run } from '../experiment/run';
import type { TrialState } from '../experiment/sweep/trial-state';
import { CELL_ENDED } from './cell-ended';
import { sweepProgress } from './sweep-progress';
import { describeSweep, describeTrial, describeTrials, overallProgress } from './sweep-text';

const run = (changes: Partial<Run> = {}): Run => changes as Run;

function trial(changes: Partial<TrialState>): TrialState {
  return {
    trial: 0,
    name: 'margin-1',
    state: 'waiting',
    done: 0,
    total: 750,
    metrics: {},
    ...changes,
  };
}

const running = trial({
  state: 'running',
  done: 120,
  rate: 62.3,
  secondsLeft: 10.1,
  metrics: { loss: 0.312345, meanNorm: 1, precisionAt1: 0.5 },
});

const all = [
  trial({ trial: 0, state: 'cached', done: 750, run: run(), metrics: { loss: 0.1 } }),
  trial({ trial: 1, state: 'finished', done: 750, run: run() }),
  trial({ trial: 2, state: 'failed', done: 3, name: 'bad', run: run({ error: 'no <data>' }) }),
  { ...running, trial: 3 },
  trial({ trial: 4 }),
];

describe('what is said of a sweep', () => {
  it('of a trial', () => {
    expect(all.map((one) => describeTrial(one).text)).toEqual([
      'trained before · loss 0.1',
      '750 steps',
      'failed: no <data>',
      '120 of 750 steps, 62/s, 10 s left · loss 0.3123, precisionAt1 0.5',
      'waiting',
    ]);
    expect(describeTrial(running).share).toBeCloseTo(0.16, 6);
    expect(describeTrial(trial({ state: 'running' })).text).toBe('0 of 750 steps');
  });

  it('of all', () => {
    expect(describeSweep('margins', all, 200)).toBe(
      'margins: 5 trials in 3 min 20 s: 1 trained, 1 loaded, 1 failed (bad), 2 stopped',
    );
    expect(overallProgress('margins', all)).toEqual({
      label: 'margins',
      done: 750 + 750 + 120,
      total: 4 * 750,
      unit: 'step',
    });
  });

  it('of more than there is room for', () => {
    const { lines, others } = describeTrials(all, 2);
    expect(lines.map(({ text }) => text.slice(0, 6))).toEqual(['failed', '120 of']);
    expect(others).toBe('1 finished, 1 cached, 1 waiting');
  });
});

/** What is written to stderr, which is no terminal in tests. */
function heard(work: () => void): string {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  try {
    work();
  } finally {
    spy.mockRestore();
  }
  return lines.join('');
}

afterEach(() => vi.useRealTimers());

describe('sweepProgress outside a notebook', () => {
  it('says a line for every trial that ends, and one when all have', () => {
    const listeners = process.listenerCount(CELL_ENDED);
    vi.useFakeTimers({ toFake: ['performance'] });
    const text = heard(() => {
      const tell = sweepProgress({ label: 'margins' });
      const states = [trial({ trial: 0 }), trial({ trial: 1, name: 'margin-3' })];
      for (let done = 0; done < 750; done += 50) {
        vi.advanceTimersByTime(100);
        tell([{ ...states[0], state: 'running', done }, states[1]]);
      }
      states[0] = { ...states[0], state: 'finished', done: 750, run: run() };
      vi.advanceTimersByTime(500);
      tell(states);
      expect(process.listenerCount(CELL_ENDED)).toBe(listeners + 1);
      states[1] = { ...states[1], state: 'failed', run: run({ error: 'out of memory' }) };
      tell(states);
      tell.finish();
    });
    expect(text).toBe(
      'margin-1: 750 steps\nmargin-3: failed: out of memory\n' +
        'margins: 2 trials in 2.0 s: 1 trained, 1 failed (margin-3)\n',
    );
    expect(process.listenerCount(CELL_ENDED)).toBe(listeners);
  });

  it('says how far a sweep came that stops', () => {
    const text = heard(() => {
      const tell = sweepProgress();
      tell(all);
      tell.finish();
      tell.finish();
    });
    expect(text).toMatch(/sweep: 5 trials in 0\.0 s: .* 2 stopped\n$/);
    expect(heard(() => sweepProgress().finish())).toBe('');
  });
});
