import { StringDecoder } from 'node:string_decoder';
import type { OutputChannel } from './output-channel';
import type { Tslab } from './tslab';
import type { Message } from './wire';

type Write = typeof process.stdout.write;

/**
 * From here on what is printed and displayed belongs to a cell, also what comes after the cell has
 * finished.
 *
 * @param channel undefined: it goes nowhere, for a cell that is to be silent
 */
export function redirectOutput(
  channel: OutputChannel | undefined,
  cell: Message,
  { jupyter }: Tslab,
): void {
  process.stdout.write = writer((text) => channel?.write('stdout', text, cell));
  process.stderr.write = writer((text) => channel?.write('stderr', text, cell));
  jupyter.lastWriteDisplayData = (data, update) => channel?.display(data, update, cell);
}

/** Unlike tslab's, it calls back, and joins a character that comes in two pieces. */
function writer(take: (text: string) => void): Write {
  const decoder = new StringDecoder('utf8');
  return (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
    if (text !== '') {
      take(text);
    }
    const callback = rest.find((value): value is () => void => typeof value === 'function');
    if (callback !== undefined) {
      process.nextTick(callback);
    }
    return true;
  };
}
