import type { Configuration } from '../configuration';
import type { Executor, ExecutorOptions } from './executor';
import { replaceableProcess, type ReplaceableProcess } from './replaceable-process';
import type { ProcessEnd, TrainingRequest } from './training-process';

/** How often a training is tried whose process dies. */
const ATTEMPTS = 2;

/**
 * Trains on this machine, `jobs` configurations at a time, each in a process of its own; a process that
 * is done with one goes on with the next. One that dies (killed, out of memory) takes no other with
 * it: what it trained is tried once more, from its checkpoint.
 */
export function localExecutor(jobs: number): Executor {
  return async (configurations, options) => {
    const queue = [...configurations.keys()];
    const work = async (): Promise<void> => {
      const worker = replaceableProcess();
      try {
        for (let i = queue.shift(); i !== undefined; i = queue.shift()) {
          if (options.signal.aborted) return;
          await trainAt(i, configurations[i], options, worker);
        }
      } finally {
        await worker.close();
      }
    };
    const works = Array.from({ length: Math.min(jobs, configurations.length) }, work);
    // Nothing may be under way any more when this one ends, not even when one of them cannot work.
    for (const result of await Promise.allSettled(works)) {
      if (result.status === 'rejected') throw result.reason;
    }
  };
}

async function trainAt(
  place: number,
  config: Configuration,
  { onEvent, ...options }: ExecutorOptions,
  worker: ReplaceableProcess,
): Promise<void> {
  onEvent(place, { type: 'started' });
  let end: ProcessEnd | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS && !options.signal.aborted; attempt++) {
    const onProgress: TrainingRequest['onProgress'] = (progress) =>
      onEvent(place, { type: 'progress', progress });
    end = await (await worker.alive()).train({ config, ...options, onProgress });
    if (end.type !== 'died') break;
  }
  if (end?.type === 'finished' || end?.type === 'failed') onEvent(place, end);
  if (end?.type === 'died' && !options.signal.aborted) {
    const error = `the training process ${end.reason} (in each of ${ATTEMPTS} attempts)`;
    onEvent(place, { type: 'failed', error });
  }
}
