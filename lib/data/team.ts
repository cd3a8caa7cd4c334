import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { projectPath } from './project';

/** A thread's place among those that work on one thing: `member` of its `workerData`. */
export interface Member {
  /** From 0 on. */
  index: number;
  /** How many there are. */
  threads: number;
  /** For `createBarrier`; zeros at first. */
  barrier: Int32Array;
}

/** Options of `runTeam`. */
export interface TeamOptions<Message> {
  /** Ends all threads at once: the promise then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Receives what any thread posts. */
  onMessage?: (message: Message) => void;
}

/**
 * Runs a program of the library on worker threads, all of them equal, and resolves when all have
 * ended. This thread does nothing meanwhile, so that what else the process does goes on. When one
 * fails, so does the promise; whatever happens, no thread outlives it.
 *
 * @param program the compiled file: 'projection/descent-worker.js'. Worker threads cannot read TypeScript, so it
 *   is that of the build also where the library itself runs from its sources
 * @param data what the program finds in `workerData`, besides `member`
 * @throws Error when the library is not built, or the error of a thread; the signal's reason when it
 *   aborts
 */
export async function runTeam<Message>(
  program: string,
  data: Record<string, unknown>,
  threads: number,
  { signal, onMessage }: TeamOptions<Message> = {},
): Promise<void> {
  signal?.throwIfAborted();
  const path = projectPath('lib', 'dist', program);
  if (!existsSync(path)) {
    throw new Error(`${path} is missing: build the library first (npm run build)`);
  }
  const barrier = new Int32Array(new SharedArrayBuffer(8));
  const workers: Worker[] = [];
  const ended = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), ended);
      let running = threads;
      for (let index = 0; index < threads; index++) {
        const member: Member = { index, threads, barrier };
        const worker = new Worker(path, { workerData: { ...data, member }, execArgv: [] });
        workers.push(worker);
        worker.once('error', reject);
        worker.once('exit', (status) => {
          if (status !== 0) reject(new Error(`${program} ended with exit status ${status}`));
          else if (--running === 0) resolve();
        });
        worker.on('message', (message: Message) => {
          try {
            if (!ended.signal.aborted) onMessage?.(message);
          } catch (error) {
            reject(error as Error);
          }
        });
      }
    });
  } finally {
    ended.abort();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Looks at the state of a barrier before a thread goes to sleep: about as long as waking it takes. */
const SPINS = 2000;

/**
 * A function that returns in every thread of a team when all of them have called it; what they wrote
 * to shared memory before it is seen by all after it.
 */
export function createBarrier({ barrier, threads }: Member): () => void {
  const [arrived, generation] = [0, 1];
  return (): void => {
    const current = Atomics.load(barrier, generation);
    if (Atomics.add(barrier, arrived, 1) === threads - 1) {
      Atomics.store(barrier, arrived, 0);
      Atomics.add(barrier, generation, 1);
      Atomics.notify(barrier, generation);
      return;
    }
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(barrier, generation) !== current) return;
    }
    while (Atomics.load(barrier, generation) === current) {
      Atomics.wait(barrier, generation, current);
    }
  };
}

/**
 * Calls `work` with numbers below `count` that no other thread gets.
 *
 * @param taken shared by the threads: at `which`, the next number, 0 at first
 */
export function takeBlocks(
  taken: Int32Array,
  which: number,
  count: number,
  work: (block: number) => void,
): void {
  for (;;) {
    const block = Atomics.add(taken, which, 1);
    if (block >= count) return;
    work(block);
  }
}

/** A copy in memory that threads share. */
export function shared(values: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
