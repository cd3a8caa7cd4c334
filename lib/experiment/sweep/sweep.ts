import { availableParallelism } from 'node:os';
import { requirePositive } from '../../data/require-positive';
import type { Configuration } from '../configuration';
import { failedRun } from '../failed-run';
import { queueExecutor } from '../queue/queue-executor';
import type { RedisOptions } from '../queue/redis-settings';
import { loadRun, type Run } from '../run';
import { defaultRunsFolder } from '../run-folder';
import type { RunPlace } from '../run-place';
import type { Executor } from './executor';
import { follow, type Follower, type OnSweepProgress } from './follow';
import { localExecutor } from './local-executor';
import type { Grid, Plan } from './plan';
import { tasksOf, type Task } from './tasks';
import { hasEnded } from './trial-state';
import { trialsOf, type Trial, type TrialOptions } from './trials';

/** Options of `sweep`. */
export interface SweepOptions extends TrialOptions {
  /**
   * Who trains: 'local' (default), processes on this machine; 'queue', whoever has started `tripletlab
   * worker` on the same Redis, on any number of machines; or an executor of one's own.
   */
  executor?: 'local' | 'queue' | Executor;
  /** How many trials 'local' trains at a time. Default: as many as there are cores for their threads. */
  jobs?: number;
  /** Which Redis 'queue' goes through. Default: the one of TRIPLETLAB_REDIS, else that of this machine. */
  redis?: RedisOptions;
  /** Where run folders are kept. Default: results/runs of the project. */
  runsFolder?: string;
  /** Seconds of training between two checkpoints, at least. Default 10. */
  checkpointSeconds?: number;
  /** Stops the sweep: trials under way write a checkpoint and the promise rejects with an AbortError. */
  signal?: AbortSignal;
  /** Hears how far the sweep and each of its trials are. */
  onProgress?: OnSweepProgress;
}

/**
 * Trains many configurations, several at a time, and returns their runs in the order of the plan:
 *
 *     const runs = await sweep({ dataset: 'mnist' }, { margin: [0.5, 1, 3], seed: [1, 2] });
 *
 * Settings: defaults < `base` < preset < overrides < the plan. All are checked before anything is
 * trained. A trial that was trained before, under whatever name, is loaded; one that was cut off goes
 * on from its checkpoint; one that is in the plan twice is trained once. A trial that fails does not
 * stop the others: its run has the status 'failed' and the error, and the next sweep tries it again.
 *
 * @param plan the values to try of each setting, or the settings of each trial
 * @throws TypeError naming all wrong settings of all trials; RangeError when an option is out of range;
 *   AbortError, which says what is kept, when the signal aborts; Error when the data or the engine is
 *   not available
 */
export async function sweep(
  base: Partial<Configuration>,
  plan: Grid | Plan,
  options: SweepOptions = {},
): Promise<Run[]> {
  const { runsFolder = defaultRunsFolder(), signal, onProgress } = options;
  const trials = trialsOf(base, plan, options);
  const train = trainer(trials, { ...options, runsFolder });
  const tasks = await tasksOf(trials, runsFolder, signal);
  const follower = follow(trials, onProgress);

  const isKnown = ({ place }: Task): boolean => place.folder.has('summary.json');
  const pending = tasks.filter((task) => !isKnown(task));
  for (const task of tasks.filter(isKnown)) follower.end(task, await outcome(task.place), 'cached');
  if (pending.length > 0) await train(pending, follower);

  follower.broken.throwIfAborted();
  if (!follower.states.every(hasEnded)) throw interruption(tasks, follower, signal?.reason);
  return follower.states.map(({ run }) => run!);
}

/**
 * Has tasks trained, and follows what becomes of them.
 *
 * @throws RangeError when an option is out of range
 */
function trainer(
  trials: readonly Trial[],
  options: SweepOptions & { runsFolder: string },
): (tasks: readonly Task[], follower: Follower) => Promise<void> {
  const { runsFolder, checkpointSeconds = 10, signal } = options;
  if (!(checkpointSeconds >= 0)) {
    throw new RangeError(`sweep: checkpointSeconds must be >= 0, got ${checkpointSeconds}`);
  }
  const executor = executorOf(options, trials);
  return async (tasks, follower) => {
    const stopped = AbortSignal.any([follower.broken, ...(signal ? [signal] : [])]);
    if (stopped.aborted) return;
    const endings: Promise<void>[] = [];
    const configurations = tasks.map(({ place }) => place.config);
    await executor(configurations, {
      runsFolder,
      checkpointSeconds,
      signal: stopped,
      onEvent: (i, event) => {
        if (event.type === 'finished') endings.push(endOf(tasks[i], follower));
        else if (event.type === 'failed') endings.push(endOf(tasks[i], follower, event.error));
        else follower.hear(tasks[i], event);
      },
    });
    await Promise.all(endings);
  };
}

function executorOf(
  { executor = 'local', jobs, redis }: SweepOptions,
  trials: readonly Trial[],
): Executor {
  if (typeof executor === 'function') return executor;
  if (executor === 'queue') return queueExecutor(redis);
  if (executor !== 'local') {
    throw new RangeError(
      `sweep: executor must be 'local', 'queue' or a function, got '${String(executor)}'`,
    );
  }
  const threads = Math.max(...trials.map(({ config }) => config.threads));
  const atATime = jobs ?? Math.max(1, Math.floor(availableParallelism() / threads));
  requirePositive('sweep', { jobs: atATime });
  return localExecutor(atATime);
}

async function endOf(task: Task, follower: Follower, error?: string): Promise<void> {
  follower.end(task, await outcome(task.place, error), 'finished');
}

/** The run of a place: finished, or failed where there is an error or its files cannot be read. */
async function outcome(place: RunPlace, error?: string): Promise<Run> {
  if (error !== undefined) return failedRun(place, error);
  try {
    return await loadRun(place.folder.path);
  } catch (problem) {
    return failedRun(place, (problem as Error).message);
  }
}

/** The error that says what an interrupted sweep keeps. */
function interruption(tasks: readonly Task[], { states }: Follower, cause: unknown): Error {
  const begun = tasks
    .filter(
      ({ trials, place }) => !hasEnded(states[trials[0]]) && place.folder.has('checkpoint.bin'),
    )
    .map(({ trials }) => states[trials[0]])
    .map(({ name, done, total }) => (done > 0 ? `${name} at step ${done} of ${total}` : name));
  const finished = states.filter(({ state }) => state === 'cached' || state === 'finished').length;
  const checkpoints = begun.length > 0 ? `, checkpoints of ${begun.join(', ')}` : '';
  const error = new Error(
    `sweep: interrupted; kept are ${finished} finished of ${states.length} trials${checkpoints}. ` +
      'Execute the same sweep again to go on from there',
    { cause },
  );
  error.name = 'AbortError';
  return error;
}
