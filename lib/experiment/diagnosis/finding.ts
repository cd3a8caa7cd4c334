import type { Run } from '../run';
import type { RunData } from '../run-data';

/** What `diagnose` can recognise. */
export type FindingKind =
  | 'failed'
  | 'non-finite'
  | 'one-class-batches'
  | 'batches-without-positives'
  | 'unreachable-margin'
  | 'collapse'
  | 'loss-at-margin'
  | 'no-semi-hard-triplets'
  | 'overfitting'
  | 'no-progress'
  | 'still-learning';

/** Something worth knowing about a run, in plain words. */
export interface Finding {
  /** What kind of thing it is, for programs. */
  kind: FindingKind;
  /** 'problem': the run cannot be trusted or used; 'warning': likely worse than it could be. */
  severity: 'problem' | 'warning' | 'note';
  /** What was seen, with its numbers. */
  seen: string;
  /** Why that is so, or what it means. */
  why: string;
  /** What to do about it. */
  tryNext: string;
}

/** What is looked at of a run: no more than its configuration, its metrics and how it ended. */
export type RunRecord = Pick<Run, 'config' | 'status' | 'error' | 'metrics'>;

/** Looks for one kind of finding, or a few that are akin, in a run and its images. */
export type Diagnosis = (run: RunRecord, data: RunData) => Finding[];

/** A number in a sentence: three significant digits. */
export function inWords(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A share in a sentence: two significant digits of a percentage, kept on one line. */
export function inPercent(share: number): string {
  return `${Number((100 * share).toPrecision(2))}\u00a0%`;
}
