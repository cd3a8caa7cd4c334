import type { Diagnostic, Tslab } from './tslab';

/**
 * tslab wraps a cell in an async function only when it finds an `await` where it expects one, which
 * `await (x)` and `for await` are not. This statement is such an `await`; it never runs, so the cell
 * still starts synchronously and stays interruptible.
 */
const ASYNC_PREFIX = 'if (0) await 0;';

/** A cell as it is handed to tslab. */
export interface CellSource {
  text: string;
  /** What the type checker has against the text, by its place in the cell. */
  located: (diagnostic: Diagnostic) => Diagnostic;
}

/** Prepares a cell for tslab. */
export function cellSource(tslab: Tslab, code: string): CellSource {
  return needsPrefix(tslab, code)
    ? { text: ASYNC_PREFIX + code, located: withoutPrefix }
    : { text: code, located: (diagnostic) => diagnostic };
}

/** A cell that defines a module is not wrapped in a function, and its tag must come first. */
function needsPrefix(tslab: Tslab, code: string): boolean {
  return /\bawait\b/.test(code) && tslab.getCodeMetadata(code).module === undefined;
}

function withoutPrefix(diagnostic: Diagnostic): Diagnostic {
  const { start } = diagnostic;
  if (diagnostic.fileName !== undefined || start.line > 0) {
    return diagnostic;
  }
  const character = Math.max(0, start.character - ASYNC_PREFIX.length);
  return { ...diagnostic, start: { ...start, character } };
}
