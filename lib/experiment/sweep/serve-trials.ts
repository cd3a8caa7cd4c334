import type { Progress } from '../../data/progress';
import { quietTensorFlow } from '../../engine/quiet-tensorflow';
import { run } from '../run';
import type { TrialEnd, TrialReply, TrialRequest } from './trial-messages';

/** Milliseconds between two messages of progress, at least. */
const INTERVAL = 100;

/**
 * Trains in this process what its parent asks for, one trial after the other. When the parent says
 * so, or is gone, the training under way stops with a checkpoint; without a parent the process ends.
 */
export function serveTrials(): void {
  quietTensorFlow();
  // Where the parent is gone nobody reads, and a word to it must not keep the checkpoint from being written.
  process.stderr.on('error', () => undefined);
  let training: Promise<void> | undefined;
  let stop = new AbortController();

  process.on('message', (request: TrialRequest) => {
    if (request.type === 'abort') {
      stop.abort();
      return;
    }
    stop = new AbortController();
    training = train(request, stop.signal).then(reply);
  });
  process.on('disconnect', () => {
    stop.abort();
    void Promise.resolve(training).finally(() => process.exit());
  });
  reply({ type: 'ready' });
}

async function train(
  { config, ...options }: Extract<TrialRequest, { type: 'train' }>,
  signal: AbortSignal,
): Promise<TrialEnd> {
  try {
    await run(config, { ...options, signal, onProgress: seldom() });
    return { type: 'finished' };
  } catch (error) {
    if (signal.aborted) return { type: 'aborted' };
    if (!(error instanceof Error)) return { type: 'failed', error: String(error) };
    const { message, errno, code } = error as NodeJS.ErrnoException;
    return { type: 'failed', error: message, ...(errno !== undefined && { code }) };
  }
}

/** Passes progress on, the first and the last and a few a second of the others. */
function seldom(): (progress: Progress) => void {
  let told = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - told < INTERVAL && progress.done < progress.total) return;
    told = now;
    reply({ type: 'progress', progress });
  };
}

function reply(message: TrialReply): void {
  // A parent that is gone is told nothing; 'disconnect' says what to do.
  if (process.connected) process.send!(message, undefined, undefined, () => undefined);
}
