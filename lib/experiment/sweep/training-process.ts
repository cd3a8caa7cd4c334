import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Progress } from '../../data/progress';
import { projectPath } from '../../data/project';
import type { TrialEnd, TrialReply, TrialRequest } from './trial-messages';

/** How a training in a process of its own ended; 'died': the process did, for the reason given. */
export type ProcessEnd = TrialEnd | { type: 'died'; reason: string };

/** What to train in a process, and whom to tell. */
export interface TrainingRequest extends Omit<Extract<TrialRequest, { type: 'train' }>, 'type'> {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/** A process that trains one trial after the other. */
export interface TrainingProcess {
  /** Whether it can be asked for another training. */
  isAlive(): boolean;
  /** Trains; an abort of the signal stops it with a checkpoint. It never rejects. */
  train(request: TrainingRequest): Promise<ProcessEnd>;
  /** Ends the process, and resolves when it has ended. */
  close(): Promise<void>;
}

/** Milliseconds that a process has to write its checkpoint, or to end, before it is killed. */
const GRACE = 10_000;

const STDERR_KEPT = 4_000;

/**
 * V8 would collect garbage and compile on threads of its own: that makes a training no faster, and
 * takes their time from the training beside it.
 */
const ONE_THREAD = ['--single-threaded'];

/**
 * Starts a training process.
 *
 * @throws Error when the library is not built: the process runs its compiled form
 */
export function trainingProcess(): TrainingProcess {
  const program = projectPath('lib', 'dist', 'experiment', 'sweep', 'trial-process.js');
  if (!existsSync(program)) {
    throw new Error(`sweep: ${program} is missing: build the library first (npm run build)`);
  }
  const child = fork(program, [], {
    execArgv: ONE_THREAD,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let isReady = false;
  let isOver = false;
  // A message that cannot be sent tells so to its callback.
  child.on('error', () => undefined);
  const ready = new Promise<void>((resolve) => child.once('message', () => resolve()));
  const ended = endOf(child);
  void ready.then(() => (isReady = true));
  void ended.then(() => (isOver = true));
  const send = (request: TrialRequest): void => {
    // The end of the process tells why a message did not arrive.
    if (child.connected) child.send(request, () => undefined);
  };

  async function train({ signal, onProgress, ...request }: TrainingRequest): Promise<ProcessEnd> {
    let timer: NodeJS.Timeout | undefined;
    const abort = (): void => {
      send({ type: 'abort' });
      // What has not begun has nothing to keep.
      if (isReady) timer = setTimeout(() => child.kill('SIGKILL'), GRACE);
      else child.kill('SIGKILL');
    };
    signal.addEventListener('abort', abort, { once: true });
    let hear: (reply: TrialReply) => void = () => undefined;
    try {
      return await new Promise<ProcessEnd>((resolve) => {
        hear = (reply) => {
          if (reply.type === 'progress') onProgress(reply.progress);
          else if (reply.type !== 'ready') resolve(reply);
        };
        child.on('message', hear);
        void ended.then((reason) => resolve({ type: 'died', reason }));
        void ready.then(() => send({ type: 'train', ...request }));
        if (signal.aborted) abort();
      });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      child.off('message', hear);
    }
  }

  async function close(): Promise<void> {
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE);
    await ended;
    clearTimeout(timer);
  }

  return { isAlive: () => !isOver && child.connected, train, close };
}

/** Resolves when the process has ended, or could not be started, to the reason. */
async function endOf(child: ChildProcess): Promise<string> {
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    // The last of stderr may come after the exit. (There is no 'close' after a disconnect.)
    await finished(child.stderr!);
    return describeEnd(code, signal, stderr.trim());
  } catch (error) {
    return `could not be started: ${(error as Error).message}`;
  }
}

function describeEnd(code: number | null, signal: string | null, stderr: string): string {
  if (/JavaScript heap out of memory/.test(stderr)) {
    return 'ran out of memory (JavaScript heap)';
  }
  if (signal === 'SIGKILL') {
    return 'was killed (SIGKILL), as the system does when memory runs out: use fewer jobs';
  }
  if (signal !== null) return `was ended by ${signal}`;
  return `ended with exit code ${code}${stderr && `: ${stderr}`}`;
}
