import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

/** How long a process goes on at a time: to whichever comes first, but for one step at least. */
export interface Limit {
  /** 0: it only says how much memory it has, and prepares nothing. Default: no limit. */
  steps?: number;
  /** No step begins after these. Default: no limit. */
  milliseconds?: number;
}

/** What a process answers. A megabyte is 10^6 bytes. */
export interface Timing {
  /** Of every step. The first one of a process includes compiling it. */
  milliseconds: number[];
  /** Memory that is resident now. */
  residentMegabytes: number;
  /** The most memory that was resident since the process began. */
  peakMegabytes: number;
}

/** A process that takes and times steps of one workload when it is asked to. */
export class Peer {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;
  private readonly reader: Interface;
  private failure: Error | undefined;

  /** @param command a program and its arguments; it answers each line, a Limit, with a Timing */
  constructor(private readonly command: readonly string[]) {
    const [program, ...args] = command;
    this.process = spawn(program, args);
    this.process.stderr.pipe(process.stderr);
    this.process.on('error', (error) => (this.failure = error));
    // Writing to a process that has ended fails here; that it has ended is said by `ask`.
    this.process.stdin.on('error', () => undefined);
    this.reader = createInterface({ input: this.process.stdout });
    this.answers = this.reader[Symbol.asyncIterator]();
  }

  /** @throws Error when the process ends instead of answering */
  async ask(limit: Limit): Promise<Timing> {
    this.process.stdin.write(`${JSON.stringify(limit)}\n`);
    const answer = await this.answers.next();
    if (answer.done) {
      const { exitCode, signalCode } = this.process;
      const how = this.failure?.message ?? signalCode ?? exitCode ?? 'its output was closed';
      throw new Error(`${this.command[0]} ended while it was measured: ${how}`);
    }
    return JSON.parse(answer.value) as Timing;
  }

  /** Lets the process end, at once when it is at rest. */
  stop(): void {
    this.process.stdin.end();
    this.reader.close();
  }
}
