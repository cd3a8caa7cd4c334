import type { Message } from './kernel/wire';
import type { MimeBundle, Output } from './notebook';

/**
 * Gathers what the cells of a notebook put out, as a front end shows it: text of one stream in one
 * piece, and a display that is updated later changed wherever it stands.
 */
export class CellOutputs {
  /** The displays that can be updated, over all cells. */
  private readonly displays = new Map<string, { data: MimeBundle; metadata: MimeBundle }[]>();
  private clearBeforeNext = false;

  /** Adds a message of the running cell to its outputs. */
  take(message: Message, outputs: Output[]): void {
    const { content } = message;
    switch (message.header.msg_type) {
      case 'stream':
        this.add({ output_type: 'stream', ...streamOf(content) }, outputs);
        break;
      case 'display_data':
        this.addDisplay(content, outputs);
        break;
      case 'update_display_data':
        this.update(content);
        break;
      case 'error':
        this.add({ output_type: 'error', ...errorOf(content) }, outputs);
        break;
      case 'clear_output':
        this.clearBeforeNext = true;
        if (content.wait !== true) {
          this.clear(outputs);
        }
        break;
    }
  }

  private add(output: Output, outputs: Output[]): void {
    this.clear(outputs);
    const newest = outputs.at(-1);
    const continues =
      output.output_type === 'stream' &&
      newest?.output_type === 'stream' &&
      newest.name === output.name;
    if (continues) {
      newest.text += output.text;
    } else {
      outputs.push(output);
    }
  }

  private clear(outputs: Output[]): void {
    if (this.clearBeforeNext) {
      outputs.length = 0;
      this.clearBeforeNext = false;
    }
  }

  private addDisplay(content: Record<string, unknown>, outputs: Output[]): void {
    const display = { output_type: 'display_data' as const, ...bundleOf(content) };
    const id = displayId(content);
    if (id !== undefined) {
      this.displays.set(id, [...(this.displays.get(id) ?? []), display]);
    }
    this.add(display, outputs);
  }

  private update(content: Record<string, unknown>): void {
    for (const display of this.displays.get(displayId(content) ?? '') ?? []) {
      Object.assign(display, bundleOf(content));
    }
  }
}

function streamOf(content: Record<string, unknown>): { name: 'stdout' | 'stderr'; text: string } {
  return { name: content.name === 'stderr' ? 'stderr' : 'stdout', text: String(content.text) };
}

function errorOf(content: Record<string, unknown>): {
  ename: string;
  evalue: string;
  traceback: string[];
} {
  const traceback = Array.isArray(content.traceback) ? content.traceback.map(String) : [];
  return { ename: String(content.ename), evalue: String(content.evalue), traceback };
}

function bundleOf(content: Record<string, unknown>): { data: MimeBundle; metadata: MimeBundle } {
  return {
    data: recordOf(content.data),
    metadata: recordOf(content.metadata),
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : {};
}

function displayId(content: Record<string, unknown>): string | undefined {
  const { display_id: id } = recordOf(content.transient);
  return typeof id === 'string' ? id : undefined;
}
