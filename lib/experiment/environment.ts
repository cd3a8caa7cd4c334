import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import type { Dataset } from '../data/dataset';
import { projectRoot } from '../data/project';
import type { Engine, EngineChoice } from '../engine/engines';
import { trainingRevision } from './identity';

/** A machine, and the version of the project on it. */
export interface Machine {
  node: string;
  platform: string;
  cpu: string;
  cores: number;
  memoryGigabytes: number;
  /** The project's commit, with '+' when files were changed since; null outside a checkout. */
  commit: string | null;
}

/** Where and with what a run was made. */
export interface Environment extends Machine {
  tfjs: string;
  onnxruntime: string;
  engine: Exclude<Engine, 'auto'>;
  engineReason: string;
  trainingRevision: number;
  /** Where the data came from. */
  data: string;
  /** Whether that was only a sample of the dataset. */
  isSample: boolean;
  /** Identifies the data: `Dataset.digest`. */
  digest: string;
}

/** Describes this machine and this version of the project. */
export function describeEnvironment(
  choice: EngineChoice,
  { source, isSample, digest }: Pick<Dataset, 'source' | 'isSample' | 'digest'>,
): Environment {
  return {
    ...describeMachine(),
    tfjs: versionOf('@tensorflow/tfjs'),
    onnxruntime: versionOf('onnxruntime-node'),
    engine: choice.engine,
    engineReason: choice.reason,
    trainingRevision,
    data: source,
    isSample,
    digest,
  };
}

/** Describes this machine, and which version of the project stands on it. */
export function describeMachine(): Machine {
  return {
    node: process.version,
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    commit: commit(),
  };
}

function versionOf(name: string): string {
  const path = require.resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

function commit(): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: projectRoot(), stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain') ? '+' : '');
  } catch {
    return null;
  }
}
