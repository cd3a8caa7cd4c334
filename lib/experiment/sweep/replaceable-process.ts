import { trainingProcess, type TrainingProcess } from './training-process';

/** One living process at a time. */
export interface ReplaceableProcess {
  /** The process, or a new one in place of one that has died. */
  alive(): Promise<TrainingProcess>;
  close(): Promise<void>;
}

/** A training process that is started when it is needed, and again when it has died. */
export function replaceableProcess(): ReplaceableProcess {
  let current: TrainingProcess | undefined;
  return {
    async alive() {
      if (current?.isAlive()) return current;
      await current?.close();
      current = trainingProcess();
      return current;
    },
    async close() {
      await current?.close();
    },
  };
}
