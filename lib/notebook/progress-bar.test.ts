import { afterEach, describe, expect, it, vi } from 'vitest';
import { progressBar } from './progress-bar';

/** What is written to stderr, which is no terminal in tests. */
function heard(work: () => void): string[] {
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
  return lines;
}

afterEach(() => vi.useRealTimers());

describe('progressBar outside a notebook', () => {
  it('says one line when the work is done, and says it once', () => {
    const lines = heard(() => {
      const bar = progressBar('my training');
      bar({ label: 'train', done: 0, total: 2, unit: 'step' });
      bar({ label: 'train', done: 2, total: 2, unit: 'step', metrics: { loss: 0.5 } });
      bar({ label: 'train', done: 2, total: 2, unit: 'step' });
      bar.finish();
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^my training: 2 steps in 0\.0 s.*\(loss 0\.5\)\n$/);
  });

  it('says at most a line every tenth, however often it is called', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const lines = heard(() => {
      const bar = progressBar();
      for (let done = 0; done <= 1000; done++) {
        vi.advanceTimersByTime(100);
        bar({ label: 'train', done, total: 1000 });
      }
    });
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^train: 1\d\d of 1000, 10\/s, 1 min \d+ s left\n$/);
    expect(lines.at(-1)).toBe('train: 1000 in 1 min 40 s, 10/s\n');
  });

  it('ends the line of work that another follows, and of work that stops', () => {
    const lines = heard(() => {
      const bar = progressBar();
      bar({ label: 'train', done: 0, total: 40 });
      bar({ label: 'train', done: 3, total: 40 });
      bar({ label: 'evaluate', done: 0, total: 4 });
      bar.finish();
      bar.finish();
    });
    expect(lines.map((line) => line.replace(/ in .*/s, ''))).toEqual([
      'train: 3 of 40, stopped',
      'evaluate: 0 of 4, stopped',
    ]);
  });
});
