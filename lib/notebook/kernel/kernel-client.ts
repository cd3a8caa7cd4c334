import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Dealer, Subscriber } from 'zeromq';
import { createConnectionFile, type ConnectionFile } from './connection-file';
import { KernelProcess, type KernelExit } from './kernel-process';
import { SendQueue } from './send-queue';
import { createMessage, decodeMessage, encodeMessage, type Message } from './wire';

/** The launcher's exit status when one of the ports was taken meanwhile. */
const EXIT_PORT_TAKEN = 75;

/** Milliseconds to read on after the kernel has ended. */
const LAST_OUTPUT = 100;

export interface KernelClientOptions {
  /** The kernel's working directory: where a notebook's imports and relative paths start. */
  directory: string;
  /** Environment variables on top of this process's own. */
  environment?: Record<string, string>;
  /** Milliseconds the kernel may take until it is ready. Default 60,000. */
  startTimeout?: number;
}

export interface ExecuteOptions {
  /** Receives the cell's iopub messages: stream, display_data, update_display_data, error, ... */
  onOutput?: (message: Message) => void;
  /** Milliseconds the cell may take. Default: no limit. */
  timeout?: number;
  /** Interrupts the cell. */
  signal?: AbortSignal;
  /** Milliseconds an interrupted cell has to end before the kernel is killed. Default 12,000. */
  grace?: number;
}

/** How a cell ended. */
export type ExecuteResult =
  | { status: 'ok'; executionCount: number }
  | { status: 'error'; executionCount: number; name: string; message: string; traceback: string[] }
  | { status: 'timeout' }
  | { status: 'aborted' }
  | ({ status: 'died' } & KernelExit);

/** A request that waits for its reply on shell and for `idle` on iopub. */
interface Pending {
  onOutput?: (message: Message) => void;
  reply?: Message;
  idle: boolean;
  resolve(reply: Message): void;
}

/** Drives one kernel over ZeroMQ, as JupyterLab does. Start it with {@link startKernel}. */
export class KernelClient {
  private readonly session = randomUUID();
  private readonly shell = new Dealer({ linger: 0 });
  private readonly control = new Dealer({ linger: 0 });
  private readonly iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  private readonly shellQueue = new SendQueue(this.shell);
  private readonly controlQueue = new SendQueue(this.control);
  private readonly pending = new Map<string, Pending>();

  constructor(
    private readonly kernel: KernelProcess,
    private readonly connection: ConnectionFile,
  ) {
    const { transport, ip, shell_port, control_port, iopub_port } = connection.info;
    this.shell.connect(`${transport}://${ip}:${shell_port}`);
    this.control.connect(`${transport}://${ip}:${control_port}`);
    this.iopub.connect(`${transport}://${ip}:${iopub_port}`);
    this.iopub.subscribe();
    void this.receive(this.shell, (message, pending) => (pending.reply = message));
    void this.receive(this.control, (message, pending) => (pending.reply = message));
    void this.receive(this.iopub, (message, pending) => {
      if (message.header.msg_type !== 'status') {
        pending.onOutput?.(message);
      } else if (message.content.execution_state === 'idle') {
        pending.idle = true;
      }
    });
  }

  /** The id of the kernel's process. */
  get pid(): number | undefined {
    return this.kernel.pid;
  }

  /**
   * Waits until the kernel answers, its iopub is heard (a subscription takes effect some time after it
   * is made, and what was published before is lost) and its compiler is prepared, so that the time of
   * the first cell is its own.
   *
   * @throws Error when the kernel ends or is not ready in time
   */
  async ready(timeout: number): Promise<Record<string, unknown>> {
    const deadline = Date.now() + timeout;
    let info: Message | undefined;
    while (info === undefined && Date.now() < deadline && this.kernel.exit === undefined) {
      info = await this.within(250, this.request('shell', 'kernel_info_request', {}));
    }
    const empty = { code: '', silent: true, store_history: false };
    const prepared =
      info &&
      (await this.within(deadline - Date.now(), this.request('shell', 'execute_request', empty)));
    if (info && prepared) return info.content;
    throw new Error(
      `startKernel: ${this.kernel.exit?.message ?? `the kernel was not ready within ${timeout} ms`}`,
    );
  }

  /** The reply, unless it is late or the kernel ends before. */
  private async within(
    milliseconds: number,
    reply: Promise<Message>,
  ): Promise<Message | undefined> {
    const ended = this.kernel.exited.then(() => undefined);
    return Promise.race([reply, delay(milliseconds, undefined, { ref: false }), ended]);
  }

  /** Runs a cell; it resolves in every case, also when the kernel dies. */
  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    const { onOutput, timeout, signal, grace = 12_000 } = options;
    if (signal?.aborted) {
      return { status: 'aborted' };
    }
    const content = { code, silent: false, store_history: true, stop_on_error: true };
    const ended = Promise.race([
      this.request('shell', 'execute_request', content, onOutput).then(resultOf),
      this.died(),
    ]);
    const stop = stopped(timeout, signal);
    const first = await Promise.race([ended, stop.reason]);
    stop.dispose();
    if (typeof first !== 'string') {
      return first;
    }
    this.interrupt();
    const answered = await Promise.race([ended, delay(grace, undefined, { ref: false })]);
    if (answered === undefined) {
      this.kernel.kill('SIGKILL');
      await this.kernel.exited;
    }
    return { status: first };
  }

  /** Interrupts the running cell, as JupyterLab's stop button does. */
  interrupt(): void {
    this.kernel.kill('SIGINT');
  }

  /** Ends the kernel, by force where it does not end by itself, and frees what it held. */
  async shutdown(): Promise<void> {
    if (this.kernel.exit === undefined) {
      void this.request('control', 'shutdown_request', { restart: false });
      await Promise.race([this.kernel.exited, delay(3_000, undefined, { ref: false })]);
      this.kernel.kill('SIGKILL');
      await this.kernel.exited;
    }
    this.shell.close();
    this.control.close();
    this.iopub.close();
    this.connection.remove();
  }

  private async died(): Promise<ExecuteResult> {
    const exit = await this.kernel.exited;
    // What the cell printed last may still be on its way through the socket.
    await delay(LAST_OUTPUT);
    return { status: 'died', ...exit };
  }

  private request(
    channel: 'shell' | 'control',
    type: string,
    content: Record<string, unknown>,
    onOutput?: (message: Message) => void,
  ): Promise<Message> {
    const message = createMessage(type, content, this.session);
    const queue = channel === 'shell' ? this.shellQueue : this.controlQueue;
    return new Promise((resolve) => {
      this.pending.set(message.header.msg_id, { onOutput, idle: false, resolve });
      void queue.send(encodeMessage(message, this.connection.info.key));
    });
  }

  /** Any process of this machine can write to a loopback port: what is not signed is ignored. */
  private decode(frames: Buffer[]): Message | undefined {
    try {
      return decodeMessage(frames, this.connection.info.key);
    } catch {
      return undefined;
    }
  }

  private async receive(
    socket: Dealer | Subscriber,
    take: (message: Message, pending: Pending) => void,
  ): Promise<void> {
    for await (const frames of socket) {
      const message = this.decode(frames);
      if (message === undefined) {
        continue;
      }
      const id = message.parent.msg_id ?? '';
      const pending = this.pending.get(id);
      if (pending !== undefined) {
        take(message, pending);
        if (pending.reply !== undefined && pending.idle) {
          this.pending.delete(id);
          pending.resolve(pending.reply);
        }
      }
    }
  }
}

/**
 * Starts a kernel and waits until it is ready.
 *
 * @throws Error when it does not start; the message has what it said
 */
export async function startKernel(options: KernelClientOptions): Promise<KernelClient> {
  for (let attempt = 1; ; attempt++) {
    const connection = await createConnectionFile();
    const kernel = new KernelProcess(connection.path, options.directory, options.environment ?? {});
    const client = new KernelClient(kernel, connection);
    try {
      await client.ready(options.startTimeout ?? 60_000);
      return client;
    } catch (error) {
      await client.shutdown();
      if (kernel.exit?.exitCode !== EXIT_PORT_TAKEN || attempt === 3) {
        throw error;
      }
    }
  }
}

function resultOf({ content }: Message): ExecuteResult {
  const executionCount = Number(content.execution_count);
  if (content.status === 'ok') {
    return { status: 'ok', executionCount };
  }
  const name = String(content.ename ?? content.status);
  const message = String(content.evalue ?? 'the cell was not run');
  const traceback = Array.isArray(content.traceback) ? content.traceback.map(String) : [];
  return { status: 'error', executionCount, name, message, traceback };
}

/** Resolves when the time is over or the signal is aborted. */
function stopped(
  timeout: number | undefined,
  signal: AbortSignal | undefined,
): { reason: Promise<'timeout' | 'aborted'>; dispose(): void } {
  let dispose = (): void => undefined;
  const reason = new Promise<'timeout' | 'aborted'>((resolve) => {
    const timer = timeout === undefined ? undefined : setTimeout(resolve, timeout, 'timeout');
    const abort = (): void => resolve('aborted');
    signal?.addEventListener('abort', abort);
    dispose = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  return { reason, dispose };
}
