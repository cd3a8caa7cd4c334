import type { Progress } from '../../data/progress';
import type { Configuration } from '../configuration';

/** What a training process is told. */
export type TrialRequest =
  | { type: 'train'; config: Configuration; runsFolder: string; checkpointSeconds: number }
  /** Stop, and keep a checkpoint. */
  | { type: 'abort' };

/** What a training process answers. */
export type TrialReply =
  /** It can be told to train. */
  | { type: 'ready' }
  | { type: 'progress'; progress: Progress }
  /** How a request to train ended. */
  | TrialEnd;

/** How a training ended. */
export type TrialEnd =
  | { type: 'finished' }
  /** 'code': of an error that the system gave, such as ENOSPC; elsewhere it might go well. */
  | { type: 'failed'; error: string; code?: string }
  | { type: 'aborted' };
