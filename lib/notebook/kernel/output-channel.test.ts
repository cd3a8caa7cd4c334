import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OutputChannel } from './output-channel';
import { createMessage } from './wire';

const cell = createMessage('execute_request', {}, 'session');
const nextCell = createMessage('execute_request', {}, 'session');

function record(): { channel: OutputChannel; sent: [string, unknown][] } {
  const sent: [string, unknown][] = [];
  const channel = new OutputChannel((type, content) => {
    sent.push([type, content.text ?? content.data ?? content]);
    return Promise.resolve();
  });
  return { channel, sent };
}

describe('OutputChannel', () => {
  it('sends text that comes together in one message', async () => {
    const { channel, sent } = record();
    for (let i = 0; i < 1000; i++) {
      channel.write('stdout', `${i}\n`, cell);
    }
    expect(sent).toEqual([]);
    await delay(100);
    const text = Array.from({ length: 1000 }, (_, i) => `${i}\n`).join('');
    expect(sent).toEqual([['stream', text]]);
  });

  it('keeps the order of streams, cells and displays', () => {
    const { channel, sent } = record();
    channel.write('stdout', 'a', cell);
    channel.write('stdout', 'b', cell);
    channel.write('stderr', 'c', cell);
    channel.display({ data: { 'text/plain': 'figure' }, metadata: {} }, false, cell);
    channel.write('stdout', 'd', cell);
    channel.write('stdout', 'e', nextCell);
    channel.display({ data: { 'text/plain': 'changed' }, metadata: {} }, true, cell);
    expect(sent).toEqual([
      ['stream', 'ab'],
      ['stream', 'c'],
      ['display_data', { 'text/plain': 'figure' }],
      ['stream', 'd'],
      ['stream', 'e'],
      ['update_display_data', { 'text/plain': 'changed' }],
    ]);
  });
});
