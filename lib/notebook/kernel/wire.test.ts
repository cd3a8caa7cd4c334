import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMessage, decodeMessage, encodeMessage } from './wire';

const key = 'a key';

function framesOf(message = createMessage('stream', { text: 'é\n' }, 'session')): Buffer[] {
  return encodeMessage(message, key).map((frame) => Buffer.from(frame));
}

describe('the wire protocol', () => {
  it('reads what it wrote, with the identities of the reply', () => {
    const request = { ...createMessage('execute_request', { code: '1' }, 'client') };
    request.identities = [Buffer.from([0, 1, 2])];
    const reply = createMessage('execute_reply', { status: 'ok' }, 'kernel', request);
    const read = decodeMessage(framesOf(reply), key);
    expect(read).toEqual(reply);
    expect(read.parent).toEqual(request.header);
    expect(read.identities).toEqual(request.identities);
  });

  it('signs as the protocol says: HMAC-SHA256 over the four parts', () => {
    const frames = framesOf();
    const hmac = createHmac('sha256', key);
    frames.slice(2).forEach((part) => hmac.update(part));
    expect(frames[0].toString()).toBe('<IDS|MSG>');
    expect(frames[1].toString()).toBe(hmac.digest('hex'));
  });

  it('takes an empty key for an unsigned connection', () => {
    const message = createMessage('stream', {}, 'session');
    const frames = encodeMessage(message, '').map((frame) => Buffer.from(frame));
    expect(frames[1].toString()).toBe('');
    expect(decodeMessage(frames, '')).toEqual(message);
  });

  it.each([
    ['another key', (frames: Buffer[]) => encodeOther(frames)],
    ['a changed part', (frames: Buffer[]) => frames.with(5, Buffer.from('{"text":"forged"}'))],
    ['no signature', (frames: Buffer[]) => frames.with(1, Buffer.alloc(0))],
    ['a missing part', (frames: Buffer[]) => frames.slice(0, 5)],
    ['no delimiter', (frames: Buffer[]) => frames.slice(1)],
    ['nothing', () => []],
  ])('refuses %s', (_, change) => {
    expect(() => decodeMessage(change(framesOf()), key)).toThrow(/decodeMessage/);
  });
});

function encodeOther(frames: Buffer[]): Buffer[] {
  const message = decodeMessage(frames, key);
  return encodeMessage(message, 'another key').map((frame) => Buffer.from(frame));
}
