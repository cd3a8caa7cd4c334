/** One command of the `tripletlab` program. */
export interface Command {
  /** How it is called, its options and examples. */
  help: string;
  /**
   * Does it.
   *
   * @returns the exit status: 0 for success
   * @throws UsageError when the arguments are wrong
   */
  run(args: string[]): Promise<number>;
}

/** Arguments that a command cannot take; the message says what was found and what is allowed. */
export class UsageError extends Error {}

/**
 * A signal that Ctrl-C aborts, or one of the given signals to this process, once; a second Ctrl-C ends
 * the program as usual.
 */
export function abortOnInterrupt(signals: readonly NodeJS.Signals[] = ['SIGINT']): AbortSignal {
  const controller = new AbortController();
  for (const signal of signals) {
    process.once(signal, () => controller.abort(new Error('interrupted')));
  }
  return controller.signal;
}

/** `parse` with node's errors about options turned into usage errors. */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS')) {
      throw new UsageError((error as Error).message);
    }
    throw error;
  }
}
