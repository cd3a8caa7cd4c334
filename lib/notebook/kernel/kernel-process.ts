import { spawn, type ChildProcess } from 'node:child_process';
import { projectPath } from '../../data/project';

/** How a kernel's process ended. */
export interface KernelExit {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** What happened, in a sentence. */
  message: string;
}

const STDERR_KEPT = 4_000;

/** The process of a kernel: started, interrupted, killed, and how it ended. */
export class KernelProcess {
  /** Resolves when the process has ended. */
  readonly exited: Promise<KernelExit>;
  /** How it ended; undefined while it runs. */
  exit: KernelExit | undefined;
  private readonly child: ChildProcess;
  private stderr = '';

  constructor(connectionFile: string, directory: string, environment: Record<string, string>) {
    const launcher = projectPath('lib', 'bin', 'tslab-kernel.cjs');
    this.child = spawn(process.execPath, [launcher, connectionFile], {
      cwd: directory,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A Ctrl-C in the terminal is for the runner, which decides what the kernel is told.
      detached: true,
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
    });
    this.exited = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(this.end(null, null, error)));
      // 'close' comes after the last of stderr, 'exit' may come before it.
      this.child.once('close', (code, signal) => resolve(this.end(code, signal)));
    });
  }

  /** The process's id; undefined where it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Sends a signal; a process that has ended takes none. */
  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private end(
    exitCode: number | null,
    signal: NodeJS.Signals | null,
    startError?: Error,
  ): KernelExit {
    this.exit ??= { exitCode, signal, message: this.describe(exitCode, signal, startError) };
    return this.exit;
  }

  private describe(code: number | null, signal: string | null, startError?: Error): string {
    if (startError !== undefined) {
      return `The kernel could not be started: ${startError.message}`;
    }
    if (/JavaScript heap out of memory/.test(this.stderr)) {
      return 'The kernel ran out of memory (JavaScript heap).\nRaise it with NODE_OPTIONS=--max-old-space-size=<MiB>, or use less data.';
    }
    if (signal === 'SIGKILL') {
      return 'The kernel was killed (SIGKILL), as the system does when memory runs out.';
    }
    if (signal !== null) {
      return `The kernel was ended by ${signal}.`;
    }
    const said = this.stderr.trim();
    const cause = said === '' ? ', as by process.exit in a cell.' : `:\n${said}`;
    return `The kernel ended with exit code ${code}${cause}`;
  }
}
