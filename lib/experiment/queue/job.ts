import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { projectPath } from '../../data/project';
import { configuration, type Configuration } from '../configuration';
import { runHash, trainingRevision } from '../identity';
import { placeOf, type RunPlace } from '../run-place';

/** What a client asks a worker for. */
export interface TrainingJob {
  /** Of the client's package. */
  version: string;
  trainingRevision: number;
  /** Identifies the run: `runHash`. */
  hash: string;
  /** Identifies the data: `Dataset.digest`. */
  digest: string;
  /** With the engine that 'auto' came down to. */
  config: Configuration;
  /** Seconds of training between two checkpoints, at least. */
  checkpointSeconds: number;
}

const schema = z.strictObject({
  version: z.string(),
  trainingRevision: z.number(),
  hash: z.string(),
  digest: z.string(),
  config: z.record(z.string(), z.unknown()),
  checkpointSeconds: z.number().min(0),
});

/** How often a training is tried, on whatever machine. */
export const ATTEMPTS = 3;

/** Why a job fails that a client has stopped. */
export const STOPPED = 'stopped by a client';

/** Trying again, here or elsewhere, would come to the same. */
export class FinalError extends Error {}

/** The version of this package. */
export function packageVersion(): string {
  const text = readFileSync(projectPath('lib', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** One job for all who ask for one run; a number alone is no identifier to the queue. */
export function jobId(hash: string): string {
  return `run-${hash}`;
}

/** What to ask for to have the run of a place trained. */
export function jobOf(
  { config, choice, dataset, hash }: RunPlace,
  checkpointSeconds: number,
): TrainingJob {
  const { digest } = dataset;
  return {
    version: packageVersion(),
    trainingRevision,
    hash,
    digest,
    config: { ...config, engine: choice.engine },
    checkpointSeconds,
  };
}

/**
 * Checks what came out of the queue, and finds its place on this machine.
 *
 * @param data of the job, whoever wrote it
 * @throws FinalError when it is not what a client of this project asks for; Error when this machine
 *   cannot do it: its version, its data or its engines are other ones than the client's
 */
export async function acceptJob(
  id: string,
  data: unknown,
  runsFolder: string,
): Promise<{ job: TrainingJob; place: RunPlace }> {
  const { success, data: job, error } = schema.safeParse(data);
  if (!success) throw new FinalError(`the job ${id} is refused: ${z.prettifyError(error)}`);
  requireSameVersion(job);
  const config = configurationOf(id, job.config);
  const identity = runHash(config, { engine: engineOf(id, config), reason: '' }, job.digest);
  if (identity !== job.hash || id !== jobId(identity)) {
    throw new FinalError(
      `the job ${id} is refused: its configuration was changed on the way (it is that of ` +
        `${jobId(identity)})`,
    );
  }
  const place = await placeOf(config, { runsFolder });
  if (place.hash !== job.hash) {
    throw new Error(
      `${hostname()} cannot train ${id}: it has other data of ${config.dataset} than the client ` +
        `(${place.dataset.source})`,
    );
  }
  return { job: { ...job, config }, place };
}

function requireSameVersion(job: Pick<TrainingJob, 'version' | 'trainingRevision'>): void {
  const version = packageVersion();
  if (job.version === version && job.trainingRevision === trainingRevision) return;
  throw new Error(
    `the worker on ${hostname()} has tripletlab ${version} (training revision ` +
      `${trainingRevision}), the client has ${job.version} (training revision ` +
      `${job.trainingRevision}): both must have the same`,
  );
}

function configurationOf(id: string, settings: object): Configuration {
  try {
    return configuration(settings);
  } catch (error) {
    throw new FinalError(`the job ${id} is refused: ${(error as Error).message}`);
  }
}

function engineOf(id: string, { engine }: Configuration): Exclude<Configuration['engine'], 'auto'> {
  if (engine !== 'auto') return engine;
  throw new FinalError(`the job ${id} is refused: its engine must be settled, got 'auto'`);
}
