import type { Run } from '../run';
import type { TrialEvent } from './executor';
import type { Task } from './tasks';
import { begun, ended, progressed, waiting, type Beginning, type TrialState } from './trial-state';
import type { Trial } from './trials';

/** Receives the state of all trials, in the order of the plan; it must return quickly. */
export type OnSweepProgress = (trials: readonly TrialState[]) => void;

/** Keeps the states of a sweep's trials, and tells whoever wants to know. */
export interface Follower {
  readonly states: readonly TrialState[];
  /** Aborted, with the error, when the callback throws. */
  readonly broken: AbortSignal;
  /** How a task goes that has not come to a run. */
  hear(task: Task, event: Exclude<TrialEvent, { type: 'finished' | 'failed' }>): void;
  /** A task has come to a run. */
  end(task: Task, run: Run, state: 'cached' | 'finished'): void;
}

export function follow(trials: readonly Trial[], onProgress?: OnSweepProgress): Follower {
  const states = trials.map(waiting);
  const beginnings = new Map<Task, Beginning>();
  const broken = new AbortController();

  function tell(): void {
    try {
      if (!broken.signal.aborted) onProgress?.([...states]);
    } catch (error) {
      broken.abort(error);
    }
  }

  function update({ trials: places }: Task, next: (before: TrialState) => TrialState): void {
    for (const i of places) states[i] = next(states[i]);
    tell();
  }

  tell();
  return {
    states,
    broken: broken.signal,
    hear(task, event) {
      if (event.type !== 'progress') {
        update(task, (before) => begun(before, event));
        return;
      }
      const { progress } = event;
      const beginning = beginnings.get(task) ?? { done: progress.done, at: performance.now() };
      beginnings.set(task, beginning);
      update(task, (before) => progressed(before, progress, beginning));
    },
    end(task, run, state) {
      update(task, (before) => ended(before, run, state));
    },
  };
}
