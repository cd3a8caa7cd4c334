import { loadDataset } from '../data/load-dataset';
import { poorBatches } from './diagnosis/batches';
import { collapse } from './diagnosis/collapse';
import { failure } from './diagnosis/failure';
import type { Diagnosis, Finding, RunRecord } from './diagnosis/finding';
import { noSemiHardTriplets } from './diagnosis/no-semi-hard-triplets';
import { overfitting } from './diagnosis/overfitting';
import { noProgress, stillLearning } from './diagnosis/progress';
import { unreachableMargin } from './diagnosis/unreachable-margin';
import { runData } from './run-data';

export type { Finding, FindingKind, RunRecord } from './diagnosis/finding';

/** What is looked for in every run. */
const CAUSES: Diagnosis[] = [
  failure,
  poorBatches,
  unreachableMargin,
  collapse,
  noSemiHardTriplets,
  overfitting,
];

/** What needs no name of its own where a problem or a warning explains it. */
const SYMPTOMS: Diagnosis[] = [noProgress, stillLearning];

const SEVERITIES: Finding['severity'][] = ['problem', 'warning', 'note'];

/**
 * Names what is wrong or worth knowing about a run, from its configuration, its metrics and the
 * batches that its sampler draws: embeddings collapsed into one point, a loss stuck at the margin,
 * batches of one class or without positives, a margin out of reach, numbers that are not finite,
 * overfitting, no progress, and progress that the loss does not show.
 *
 * A run that failed before its first line of metrics has nothing but its error to look at.
 *
 * @param run a finished or failed run
 * @returns problems first, then warnings, then notes; none for a run that looks healthy
 * @throws Error when the run's dataset is not available
 */
export async function diagnose(run: RunRecord): Promise<Finding[]> {
  if (run.metrics.length === 0) return failure(run);
  const data = runData(await loadDataset(run.config.dataset, run.config), run.config);
  const look = (diagnoses: Diagnosis[]): Finding[] =>
    diagnoses.flatMap((diagnosis) => diagnosis(run, data));
  const findings = look(CAUSES);
  if (findings.every(({ severity }) => severity === 'note')) findings.push(...look(SYMPTOMS));
  return findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}
