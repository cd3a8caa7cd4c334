import type { Progress } from '../../data/progress';
import type { Configuration } from '../configuration';

/** What happens to a configuration while it is in the hands of an executor. */
export type TrialEvent =
  /** Nobody works on it that is known of, and perhaps why: no worker, no connection. */
  | { type: 'waiting'; reason?: string }
  /** Somebody works on it. */
  | { type: 'started' }
  | { type: 'progress'; progress: Progress }
  /** Its run folder holds a finished run. */
  | { type: 'finished' }
  /** It cannot be trained. */
  | { type: 'failed'; error: string };

/** What an executor has to know and whom it tells. */
export interface ExecutorOptions {
  /** Where the runs have to be when they are finished. */
  runsFolder: string;
  /** Seconds of training between two checkpoints, at least. */
  checkpointSeconds: number;
  /** Stops everything: trainings under way write their checkpoint. */
  signal: AbortSignal;
  /** Hears what happens to the configuration at a place in the list. It does not throw. */
  onEvent: (place: number, event: TrialEvent) => void;
}

/**
 * Has configurations trained, wherever that is: each by `run`, which goes on from a checkpoint and
 * shares a run with whoever else is training it. One that fails does not stop the others.
 *
 * The promise resolves when nothing is under way any more: every configuration was told to have
 * finished or failed, unless the signal was aborted. It rejects only when the executor itself cannot
 * work.
 */
export type Executor = (
  configurations: readonly Configuration[],
  options: ExecutorOptions,
) => Promise<void>;
