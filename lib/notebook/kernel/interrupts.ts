/** A cell that listens to SIGINT itself has this long, in ms, to stop cleanly. */
const GRACE = 10_000;

/**
 * What an interrupt does. It gives up on the running cell; but a cell that listens to SIGINT itself,
 * as a training loop does to write its checkpoint, is left to end by itself: then the second
 * interrupt, or ten seconds, give up on it.
 */
export class Interrupts {
  private grace: NodeJS.Timeout | undefined;

  /** @param giveUp ends the running cell, whatever its code still does */
  constructor(private readonly giveUp: () => void) {
    process.on('SIGINT', this.onSignal);
  }

  /**
   * Listens again, once the synchronous part of a cell has run. Node handles SIGINT itself during
   * that part, and afterwards resets the signal to 'end the process', past any listener that the
   * cell has added; removing and adding the listeners makes node handle the signal again. This
   * listener comes first, to see the others before they remove themselves.
   */
  rearm(): void {
    const listeners = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
    process.removeAllListeners('SIGINT');
    process.on('SIGINT', this.onSignal);
    for (const listener of listeners) {
      if (listener !== this.onSignal) {
        process.on('SIGINT', listener);
      }
    }
  }

  /** The cell that was interrupted has ended. */
  cellEnded(): void {
    clearTimeout(this.grace);
    this.grace = undefined;
  }

  private readonly onSignal = (): void => {
    if (process.listenerCount('SIGINT') > 1 && this.grace === undefined) {
      this.grace = setTimeout(this.giveUp, GRACE).unref();
    } else {
      this.cellEnded();
      this.giveUp();
    }
  };
}
