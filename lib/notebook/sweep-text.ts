import type { Progress } from '../data/progress';
import type { TrialState } from '../experiment/sweep/trial-state';
import { formatMetrics, formatRate, formatSeconds, units } from './progress-text';

/** What a display says of a trial. */
export interface TrialText {
  name: string;
  /** Share of the steps that is done, from 0 to 1; undefined unless it is running. */
  share?: number;
  /** '120 of 750 steps, 62/s, 10 s left · loss 0.31' */
  text: string;
}

/** The figures that are worth a place beside a bar. */
const SHOWN = ['loss', 'fractionPositive', 'accuracy', 'precisionAt1'];

/** Describes where a trial stands. */
export function describeTrial(trial: TrialState): TrialText {
  const { name, state, done, total, rate = 0, secondsLeft, run } = trial;
  const metrics = formatMetrics(
    Object.fromEntries(Object.entries(trial.metrics).filter(([key]) => SHOWN.includes(key))),
  );
  switch (state) {
    case 'waiting':
      return { name, text: trial.reason === undefined ? 'waiting' : `waiting: ${trial.reason}` };
    case 'running': {
      const left = secondsLeft === undefined ? '' : `${formatSeconds(secondsLeft)} left`;
      const counted = `${done} of ${units({ unit: 'step' }, total)}`;
      const steps = [counted, formatRate(rate), left].filter(Boolean).join(', ');
      return { name, share: total > 0 ? done / total : 0, text: joined(steps, metrics) };
    }
    case 'cached':
      return { name, text: joined('trained before', metrics) };
    case 'finished':
      return { name, text: joined(units({ unit: 'step' }, total), metrics) };
    case 'failed':
      return { name, text: `failed: ${run?.error}` };
  }
}

/** 'sweep: 12 trials in 3 min 20 s: 8 trained, 3 loaded, 1 failed (mnist-margin-5)' */
export function describeSweep(
  label: string,
  trials: readonly TrialState[],
  seconds: number,
): string {
  const inState = (state: TrialState['state']): TrialState[] =>
    trials.filter((trial) => trial.state === state);
  const failed = inState('failed');
  const counts = [
    [inState('finished').length, 'trained'],
    [inState('cached').length, 'loaded'],
    [failed.length, `failed (${failed.map(({ name }) => name).join(', ')})`],
    [inState('waiting').length + inState('running').length, 'stopped'],
  ] as const;
  const parts = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const number = units({ unit: 'trial' }, trials.length);
  return `${label}: ${number} in ${formatSeconds(seconds)}: ${parts.join(', ')}`;
}

/** All trials that are to be trained as one piece of work, whose units are their steps. */
export function overallProgress(label: string, trials: readonly TrialState[]): Progress {
  const sum = (of: (trial: TrialState) => number): number =>
    trials.reduce((total, trial) => total + (trial.state === 'cached' ? 0 : of(trial)), 0);
  // A trial that has failed makes no more steps.
  const done = sum((trial) => (trial.state === 'failed' ? trial.total : trial.done));
  return { label, done, total: sum(({ total }) => total), unit: 'step' };
}

/**
 * Lines for at most `limit` trials: where there are more, those that are being trained and those that
 * failed, and a count of the others.
 */
export function describeTrials(
  trials: readonly TrialState[],
  limit: number,
): { lines: TrialText[]; others: string } {
  if (trials.length <= limit) return { lines: trials.map(describeTrial), others: '' };
  const shown = trials
    .filter(({ state }) => state === 'running' || state === 'failed')
    .slice(-limit);
  const counts = (['finished', 'cached', 'waiting'] as const)
    .map((state) => [trials.filter((trial) => trial.state === state).length, state] as const)
    .filter(([count]) => count > 0);
  return {
    lines: shown.map(describeTrial),
    others: counts.map(([count, state]) => `${count} ${state}`).join(', '),
  };
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}
