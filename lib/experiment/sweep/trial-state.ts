import type { Progress } from '../../data/progress';
import type { Run } from '../run';
import type { Trial } from './trials';

/** Where a trial of a sweep stands. */
export interface TrialState {
  /** Its place in the plan, from 0. */
  trial: number;
  /** What tells it from the others: 'mnist-margin-0.5-seed-1'. */
  name: string;
  /** 'cached': it had been trained before. */
  state: 'waiting' | 'cached' | 'running' | 'finished' | 'failed';
  /** Why it waits, where that is not for its turn. */
  reason?: string;
  /** Training steps done, of those in all. */
  done: number;
  /** Training steps in all. */
  total: number;
  /** Steps a second since it began or was resumed; absent unless it is running and has come far enough. */
  rate?: number;
  /** Until it is finished, at that rate; absent likewise. */
  secondsLeft?: number;
  /** The newest figures: { loss: 0.31 }. */
  metrics: Record<string, number>;
  /** What it came to, once it has ended. */
  run?: Run;
}

/** Whether nothing more will happen to a trial. */
export function hasEnded({ state }: TrialState): boolean {
  return state === 'cached' || state === 'finished' || state === 'failed';
}

/** The state of a trial that has not begun. */
export function waiting({ name, config }: Trial, trial: number): TrialState {
  return { trial, name, state: 'waiting', done: 0, total: config.steps, metrics: {} };
}

/** The state of a trial that has begun, or waits again. */
export function begun(
  before: TrialState,
  event: { type: 'started' } | { type: 'waiting'; reason?: string },
): TrialState {
  if (event.type === 'started') return { ...unhurried(before), state: 'running' };
  const { reason } = event;
  return { ...unhurried(before), state: 'waiting', ...(reason !== undefined && { reason }) };
}

/** What was done, and when, when a training was first heard of. */
export interface Beginning {
  done: number;
  /** performance.now() */
  at: number;
}

/** The state of a trial that has come so far since its beginning. */
export function progressed(
  before: TrialState,
  { done, total, metrics = before.metrics }: Progress,
  beginning: Beginning,
): TrialState {
  const rate = (1000 * (done - beginning.done)) / (performance.now() - beginning.at);
  const isKnown = rate > 0 && Number.isFinite(rate);
  const speed = isKnown ? { rate, secondsLeft: (total - done) / rate } : {};
  return { ...unhurried(before), state: 'running', done, total, metrics, ...speed };
}

/** The state of a trial that has come to a run. */
export function ended(before: TrialState, run: Run, state: 'cached' | 'finished'): TrialState {
  return run.status === 'failed'
    ? { ...unhurried(before), state: 'failed', run }
    : { ...unhurried(before), state, done: before.total, metrics: run.summary.validation, run };
}

function unhurried({ rate: _, secondsLeft: __, reason: ___, ...state }: TrialState): TrialState {
  return state;
}
