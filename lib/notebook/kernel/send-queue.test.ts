import { describe, expect, it } from 'vitest';
import { SendQueue } from './send-queue';

/** A socket that, like ZeroMQ's, takes one send at a time. */
function busySocket() {
  const sent: string[] = [];
  let busy = false;
  return {
    sent,
    async send(frames: (Buffer | string)[]): Promise<void> {
      if (busy) {
        throw new Error('only one send operation may be in progress');
      }
      busy = true;
      await new Promise((resolve) => setImmediate(resolve));
      busy = false;
      if (frames[0] === 'refused') {
        throw new Error('refused');
      }
      sent.push(String(frames[0]));
    },
  };
}

describe('SendQueue', () => {
  it('sends a burst in order, and goes on after a message that is refused', async () => {
    const socket = busySocket();
    const queue = new SendQueue(socket);
    const names = ['a', 'refused', ...Array.from({ length: 600 }, (_, i) => `${i}`)];
    await Promise.all(names.map((name) => queue.send([name])));
    expect(socket.sent).toEqual(names.filter((name) => name !== 'refused'));
  });

  it('starts to send at once, so that the process may end', () => {
    const begun: string[] = [];
    const queue = new SendQueue({
      send: (frames) => {
        begun.push(String(frames[0]));
        return new Promise(() => undefined);
      },
    });
    void queue.send(['a']);
    void queue.send(['b']);
    expect(begun).toEqual(['a']);
    queue.sendRest();
    expect(begun).toEqual(['a', 'b']);
  });
});
