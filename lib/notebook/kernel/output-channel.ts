import type { DisplayData } from './tslab';
import type { Message } from './wire';

/** How long printed text may wait for more of it, in milliseconds. */
const COALESCE = 50;

export type StreamName = 'stdout' | 'stderr';

/** Sends one message on iopub. */
export type Publish = (
  type: string,
  content: Record<string, unknown>,
  parent: Message,
) => Promise<void>;

interface PendingText {
  name: StreamName;
  parent: Message;
  parts: string[];
}

/**
 * What the cells put out, in order. Printed text is gathered for 50 ms into one message, so that a
 * cell that prints 20,000 lines sends a handful; any other message first sends the text before it.
 */
export class OutputChannel {
  private pending: PendingText[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly publishNow: Publish) {}

  /** Takes printed text. */
  write(name: StreamName, text: string, parent: Message): void {
    const newest = this.pending.at(-1);
    if (newest?.name === name && newest.parent === parent) {
      newest.parts.push(text);
    } else {
      this.pending.push({ name, parent, parts: [text] });
    }
    this.timer ??= setTimeout(() => this.flush(), COALESCE);
  }

  /** Sends a message after the text that came before it. */
  publish(type: string, content: Record<string, unknown>, parent: Message): Promise<void> {
    this.flush();
    return this.publishNow(type, content, parent);
  }

  /** Sends or updates a MIME bundle. */
  display(data: DisplayData, update: boolean, parent: Message): void {
    void this.publish(update ? 'update_display_data' : 'display_data', { ...data }, parent);
  }

  /** Sends the text that waits. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const pending = this.pending;
    this.pending = [];
    for (const { name, parent, parts } of pending) {
      void this.publishNow('stream', { name, text: parts.join('') }, parent);
    }
  }
}
