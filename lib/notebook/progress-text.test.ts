import { describe, expect, it } from 'vitest';
import { describeFinished, describeProgress, formatSeconds } from './progress-text';

const training = { label: 'train', done: 150, total: 750, unit: 'step' };

describe('describeProgress', () => {
  it('gives rate and time left', () => {
    expect(describeProgress({ ...training, metrics: { loss: 0.123456, fraction: 0 } }, 3)).toEqual({
      share: 0.2,
      state: '150 of 750 steps, 50/s, 12 s left',
      metrics: 'loss 0.1235, fraction 0',
    });
  });

  it('counts only what was done since it began, in a resumed run', () => {
    expect(describeProgress(training, 2, 100).state).toBe('150 of 750 steps, 25/s, 24 s left');
  });

  it('guesses nothing before there is something to go by', () => {
    expect(describeProgress({ ...training, done: 0 }, 0).state).toBe('0 of 750 steps');
    expect(describeProgress(training, 0).state).toBe('150 of 750 steps');
  });

  it('bears totals that are unknown or exceeded', () => {
    expect(describeProgress({ label: 'x', done: 3, total: 0 }, 1)).toMatchObject({
      share: 0,
      state: '3, 3/s',
    });
    expect(describeProgress({ ...training, done: 800 }, 1).share).toBe(1);
  });
});

describe('describeFinished', () => {
  it.each([
    [{ ...training, done: 750 }, 12, 'train: 750 steps in 12 s, 63/s'],
    [training, 3, 'train: 150 steps of 750, stopped in 3.0 s, 50/s'],
    [{ label: 'embed', done: 1, total: 1, unit: 'batch' }, 0, 'embed: 1 batch in 0.0 s'],
    [{ label: 'x', done: 2, total: 2, metrics: { loss: 1 } }, 10, 'x: 2 in 10 s, 0.2/s (loss 1)'],
  ])('says %j in a line', (progress, seconds, line) => {
    expect(describeFinished(progress, seconds)).toBe(line);
  });
});

describe('formatSeconds', () => {
  it.each([
    [0, '0.0 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.6, '1 min 0 s'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
  ])('%d', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});
