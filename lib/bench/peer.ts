import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** How long a process goes on at a time: to whichever comes first, but for one step at least. */
export interface Limit {
  /** 0: it only prepares the first step, and lets its peak of memory begin anew. Default: no limit. */
  steps?: number;
  /** No step begins after these. Default: no limit. */
  milliseconds?: number;
}

/** What a process answers. A megabyte is 10^6 bytes. */
export interface Timing {
  /** Of every step. The first one includes preparing it, unless that was asked for before. */
  milliseconds: number[];
  /** Memory that is resident now. */
  residentMegabytes: number;
  /** The most memory that was resident since the process began, or since it prepared its step. */
  peakMegabytes: number;
}

/** A process that takes and times steps of one workload when it is asked to. */
export class Peer {
  /** What it says when it has loaded its libraries, and nothing else. */
  readonly loaded: Promise<Timing>;
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly answers: AsyncIterator<string>;
  private readonly reader: Interface;
  /** How the process ended, when it has. */
  private readonly end: Promise<string>;

  /**
   * @param command a program and its arguments: it writes a Timing, without steps, and answers each
   *   line, a Limit, with another
   */
  constructor(private readonly command: readonly string[]) {
    const [program, ...args] = command;
    this.process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.end = new Promise((resolve) => {
      this.process.once('error', ({ message }) => resolve(message));
      this.process.once('exit', (status, signal) => resolve(signal ?? `exit status ${status}`));
    });
    // Writing to a process that has ended fails here; that it has ended is said by `ask`.
    this.process.stdin.on('error', () => undefined);
    this.reader = createInterface({ input: this.process.stdout });
    this.answers = this.reader[Symbol.asyncIterator]();
    this.loaded = this.answer();
    // Whoever awaits it, or asks, is told.
    this.loaded.catch(() => undefined);
  }

  /** @throws Error when the process ends instead of answering */
  async ask(limit: Limit): Promise<Timing> {
    await this.loaded;
    this.process.stdin.write(`${JSON.stringify(limit)}\n`);
    return this.answer();
  }

  private async answer(): Promise<Timing> {
    const answer = await this.answers.next();
    if (answer.done) {
      throw new Error(`${this.command[0]} ended while it was measured: ${await this.end}`);
    }
    return JSON.parse(answer.value) as Timing;
  }

  /** Lets the process end, at once when it is at rest. */
  stop(): void {
    this.process.stdin.end();
    this.reader.close();
  }
}
