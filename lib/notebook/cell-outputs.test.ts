import { describe, expect, it } from 'vitest';
import { CellOutputs } from './cell-outputs';
import { createMessage, type Message } from './kernel/wire';
import type { Output } from './notebook';

const message = (type: string, content: Record<string, unknown>): Message =>
  createMessage(type, content, 'session');
const stream = (text: string, name = 'stdout'): Message => message('stream', { name, text });
const display = (text: string, id?: string, type = 'display_data'): Message =>
  message(type, { data: { 'text/plain': text }, metadata: {}, transient: { display_id: id } });

function shown(outputs: Output[]): string[] {
  return outputs.map((output) => {
    if (output.output_type === 'stream') {
      return `${output.name} ${output.text}`;
    }
    return 'data' in output ? String(output.data['text/plain']) : output.evalue;
  });
}

describe('CellOutputs', () => {
  it('joins the text of one stream', () => {
    const outputs: Output[] = [];
    const cells = new CellOutputs();
    const messages = [stream('a'), stream('b'), stream('c', 'stderr'), display('x'), stream('d')];
    messages.forEach((each) => cells.take(each, outputs));
    expect(shown(outputs)).toEqual(['stdout ab', 'stderr c', 'x', 'stdout d']);
  });

  it('updates a display wherever it stands, and adds nothing for an unknown one', () => {
    const [first, second]: Output[][] = [[], []];
    const cells = new CellOutputs();
    cells.take(display('old', 'one'), first);
    cells.take(display('other', 'two'), first);
    cells.take(display('again', 'one'), second);
    cells.take(display('new', 'one', 'update_display_data'), second);
    cells.take(display('nowhere', 'three', 'update_display_data'), second);
    expect(shown(first)).toEqual(['new', 'other']);
    expect(shown(second)).toEqual(['new']);
  });

  it('clears at once, or with the next output', () => {
    const outputs: Output[] = [];
    const cells = new CellOutputs();
    cells.take(stream('a'), outputs);
    cells.take(message('clear_output', { wait: true }), outputs);
    expect(shown(outputs)).toEqual(['stdout a']);
    cells.take(stream('b'), outputs);
    expect(shown(outputs)).toEqual(['stdout b']);
    cells.take(message('clear_output', { wait: false }), outputs);
    expect(outputs).toEqual([]);
  });

  it('keeps errors and leaves out the rest', () => {
    const outputs: Output[] = [];
    const cells = new CellOutputs();
    cells.take(message('execute_input', { code: '1' }), outputs);
    cells.take(message('error', { ename: 'E', evalue: 'wrong', traceback: ['E: wrong'] }), outputs);
    expect(outputs).toEqual([
      { output_type: 'error', ename: 'E', evalue: 'wrong', traceback: ['E: wrong'] },
    ]);
  });
});
