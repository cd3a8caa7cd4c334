import { inspect } from 'node:util';
import { escapeMarkup } from '../../figure/escape';
import type { Diagnostic, DisplayData } from './tslab';

/** Why a cell failed, as the protocol's `error` message carries it. */
export interface CellError {
  ename: string;
  evalue: string;
  /** What a reader sees: what is wrong, what to do, the causes. */
  traceback: string[];
  /** Where it happened, without the frames of the machinery under the cell. */
  stack?: string[];
}

const FRAMES_SHOWN = 8;

/** Frames of node itself, of tslab and of this kernel say nothing about the cell. */
const FOREIGN_FRAME =
  /node:|node_modules[\\/]tslab|notebook[\\/]kernel[\\/]|at (new Promise|evalmachine)/;

/** What the type checker found, by line and column of the cell: `1:7 - Type 'number' is not ...`. */
export function typeError(diagnostics: Diagnostic[]): CellError {
  const lines = diagnostics.map(({ fileName, start, messageText }) => {
    const place = `${start.line + 1}:${start.character + 1}`;
    return `${fileName === undefined ? '' : `${fileName} `}${place} - ${messageText}`;
  });
  return { ename: 'TypeScript', evalue: lines[0], traceback: [`TypeScript: ${lines.join('\n')}`] };
}

/**
 * A thrown value. The message says what is wrong and, where the error has a second line, what to do;
 * the stack is kept apart from it, for a front end shows all of a traceback in the open.
 */
export function thrownError(thrown: unknown): CellError {
  if (!isError(thrown)) {
    const text = typeof thrown === 'string' ? thrown : inspect(thrown);
    return { ename: 'Thrown', evalue: text, traceback: [`Thrown: ${text}`] };
  }
  if (isInterrupt(thrown)) {
    const evalue = 'The cell was interrupted.';
    return { ename: 'Interrupted', evalue, traceback: [`Interrupted: ${evalue}`] };
  }
  const ename = thrown.name || 'Error';
  const evalue = thrown.message;
  const causes = causesOf(thrown).map((cause) => `  because: ${cause}`);
  return { ename, evalue, traceback: [`${ename}: ${evalue}`, ...causes], stack: framesOf(thrown) };
}

/** A stack as an output of its own, folded away where HTML is shown. */
export function foldedStack(stack: string[]): DisplayData {
  const text = stack.join('\n');
  const html = `<details><summary>Stack</summary><pre>${escapeMarkup(text)}</pre></details>`;
  return { data: { 'text/html': html, 'text/plain': `Stack\n${text}` }, metadata: {} };
}

/** The cell was queued behind one that failed. */
export function notRunError(): CellError {
  const evalue = 'This cell was not run, because one before it failed.';
  return { ename: 'NotRun', evalue, traceback: [`NotRun: ${evalue}`] };
}

/** An Error of any realm: values may come from a vm context of the notebook's own. */
function isError(value: unknown): value is Error {
  return Object.prototype.toString.call(value) === '[object Error]' || value instanceof Error;
}

/** tslab's own error for an interrupted `await`, and node's for interrupted synchronous code. */
function isInterrupt(error: Error): boolean {
  return (
    error.message === 'Interrupted asynchronously' ||
    (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED'
  );
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause !== undefined && causes.length < 5; ) {
    causes.push(isError(cause) ? `${cause.name}: ${cause.message}` : inspect(cause));
    cause = isError(cause) ? cause.cause : undefined;
  }
  return causes;
}

function framesOf(error: Error): string[] {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames
    .filter((frame) => !FOREIGN_FRAME.test(frame))
    .map((frame) => frame.replace(/evalmachine\.<anonymous>(:\d+)*/, 'this notebook'))
    .slice(0, FRAMES_SHOWN);
}
