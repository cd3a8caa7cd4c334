/** A ZeroMQ socket, as far as sending goes. */
export interface SendingSocket {
  send(frames: (Buffer | string)[]): Promise<void>;
}

interface Waiting {
  frames: (Buffer | string)[];
  sent(): void;
}

/**
 * Sends messages one after another. A ZeroMQ socket takes one send at a time: a burst of unawaited
 * sends fails from the moment on that its buffer is full, and what is lost may be the message that
 * says a cell has finished.
 */
export class SendQueue {
  private waiting: Waiting[] = [];
  private sending = false;

  constructor(private readonly socket: SendingSocket) {}

  /** Resolves when the message is handed to ZeroMQ; a closed socket swallows it. */
  send(frames: (Buffer | string)[]): Promise<void> {
    return new Promise((sent) => {
      this.waiting.push({ frames, sent });
      void this.drain();
    });
  }

  /** Hands over all that waits without waiting for anything: for the end of the process. */
  sendRest(): void {
    for (const { frames } of this.waiting.splice(0)) {
      this.socket.send(frames).catch(() => undefined);
    }
  }

  private async drain(): Promise<void> {
    if (this.sending) {
      return;
    }
    this.sending = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      await this.socket.send(next.frames).catch(() => undefined);
      next.sent();
    }
    this.sending = false;
  }
}
