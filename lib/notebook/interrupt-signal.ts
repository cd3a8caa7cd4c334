import { CELL_ENDED } from './cell-ended';

/** Forgets the signal of the cell before. */
let stopListening = (): void => undefined;

/**
 * A signal for the running cell, aborted when the cell is interrupted (the stop button of a notebook,
 * Ctrl-C in a terminal), so that long work can stop cleanly:
 *
 *     await run(config, { signal: interruptSignal(), onProgress: progressBar() });
 *
 * It listens until it is aborted, the cell ends, or the next one is asked for.
 */
export function interruptSignal(): AbortSignal {
  stopListening();
  const controller = new AbortController();
  const abort = (): void => {
    stopListening();
    controller.abort(new DOMException('The cell was interrupted.', 'AbortError'));
  };
  stopListening = () => {
    clearImmediate(start);
    process.off('SIGINT', abort);
    process.off(CELL_ENDED, stopListening);
    stopListening = () => undefined;
  };
  // A listener that is added while the synchronous part of a cell runs is lost when that part ends.
  const start = setImmediate(() => process.on('SIGINT', abort));
  process.on(CELL_ENDED, stopListening);
  return controller.signal;
}
