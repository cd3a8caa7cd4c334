import { randomUUID } from 'node:crypto';
import { Publisher, Reply, Router } from 'zeromq';
import { CELL_ENDED } from '../cell-ended';
import { foldedStack, notRunError, type CellError } from './cell-error';
import type { CellRunner } from './cell-runner';
import { inspection, type InspectRequest } from './inspection';
import { OutputChannel } from './output-channel';
import { redirectOutput } from './redirect-output';
import { SendQueue } from './send-queue';
import type { RequestHandler, Tslab } from './tslab';
import { createMessage, decodeMessage, encodeMessage } from './wire';
import type { ConnectionInfo, Message } from './wire';

/** Requests that reached the socket while a cell failed need this long, in ms, to be read. */
const DRAIN = 50;

export interface KernelServerOptions {
  connection: ConnectionInfo;
  runner: CellRunner;
  handler: RequestHandler;
  tslab: Tslab;
  onShutdown(): void;
}

/**
 * The Jupyter side of the kernel: sockets, and the order of messages. tslab's own server loses
 * output beyond 512 messages a tick, sends no `error` and no `execute_input`, and answers `abort` to
 * whatever comes within 200 ms of a failed cell; so this one stands in for it.
 */
export class KernelServer {
  private readonly session = randomUUID();
  private readonly iopub = new Publisher({ sendHighWaterMark: 0 });
  private readonly shell = new Router();
  private readonly control = new Router();
  private readonly stdin = new Router();
  private readonly heartbeat = new Reply();
  private readonly queues = new Map<Router | Publisher, SendQueue>();
  private readonly output = new OutputChannel((type, content, parent) =>
    this.send(this.iopub, type, content, parent),
  );
  /** The cells, one after another. */
  private cells: Promise<void> = Promise.resolve();
  /** Counts the failures: a cell that was queued before one is not run. */
  private failures = 0;
  private executionCount = 0;
  private readonly logWrite = process.stderr.write.bind(process.stderr);

  constructor(private readonly options: KernelServerOptions) {}

  /** Binds the sockets and starts to serve. */
  async start(): Promise<void> {
    const { transport, ip, ...ports } = this.options.connection;
    const bind = (socket: Router | Publisher | Reply, port: number): Promise<void> =>
      socket.bind(`${transport}://${ip}:${port}`);
    await bind(this.iopub, ports.iopub_port);
    await bind(this.shell, ports.shell_port);
    await bind(this.control, ports.control_port);
    await bind(this.stdin, ports.stdin_port);
    await bind(this.heartbeat, ports.hb_port);
    void this.serve(this.shell);
    void this.serve(this.control);
    void this.echo();
  }

  /** Hands what still waits to the sockets: for the end of the process. */
  sendRest(): void {
    this.output.flush();
    this.queues.forEach((queue) => queue.sendRest());
  }

  private async echo(): Promise<void> {
    for await (const frames of this.heartbeat) {
      await this.heartbeat.send(frames);
    }
  }

  private async serve(socket: Router): Promise<void> {
    for await (const frames of socket) {
      try {
        const request = decodeMessage(frames, this.options.connection.key);
        if (request.header.msg_type === 'execute_request') {
          this.enqueue(socket, request);
        } else {
          await this.answer(socket, request);
        }
      } catch (error) {
        this.log(`message dropped: ${String(error)}`);
      }
    }
  }

  /** Answers a request that runs no code; a message of an unknown kind gets no reply. */
  private async answer(socket: Router, request: Message): Promise<void> {
    const type = request.header.msg_type;
    void this.publishState('busy', request);
    try {
      const content = this.respond(type, request.content);
      if (content !== undefined) {
        const reply = type.replace(/_request$/, '_reply');
        await this.send(socket, reply, { status: 'ok', ...content }, request);
      }
    } catch (error) {
      const content = { status: 'error', ename: 'Error', evalue: String(error), traceback: [] };
      await this.send(socket, type.replace(/_request$/, '_reply'), content, request);
    }
    await this.publishState('idle', request);
    if (type === 'shutdown_request') {
      this.options.onShutdown();
    }
  }

  private respond(type: string, content: unknown): Record<string, unknown> | undefined {
    const { handler, runner, tslab } = this.options;
    switch (type) {
      case 'kernel_info_request':
        return this.kernelInfo();
      case 'is_complete_request':
        return handler.handleIsComplete(content);
      case 'inspect_request':
        return inspection(
          tslab,
          (code, position) => runner.executor.inspect(code, position),
          content as InspectRequest,
        );
      case 'complete_request':
        return handler.handleComplete(content);
      case 'comm_info_request':
        return { comms: {} };
      case 'history_request':
        return { history: [] };
      case 'interrupt_request':
        process.kill(process.pid, 'SIGINT');
        return {};
      case 'shutdown_request':
        return { restart: (content as { restart?: boolean }).restart ?? false };
      default:
        return undefined;
    }
  }

  private kernelInfo(): Record<string, unknown> {
    const { handler, tslab } = this.options;
    const info = handler.handleKernel();
    return {
      ...info,
      implementation_version: tslab.version,
      banner: `TypeScript ${tslab.typescript.version} (tslab ${tslab.version}, Node ${process.version})`,
      language_info: {
        ...info.language_info,
        version: tslab.typescript.version,
        pygments_lexer: 'typescript',
      },
    };
  }

  private enqueue(socket: Router, request: Message): void {
    const failuresBefore = this.failures;
    this.cells = this.cells.then(async () => {
      const run = this.failures === failuresBefore;
      try {
        await (run ? this.execute(socket, request) : this.refuse(socket, request));
      } catch (error) {
        this.log(`execute_request: ${String(error)}`);
      }
    });
  }

  private async execute(socket: Router, request: Message): Promise<void> {
    const { code, silent, stop_on_error: stopOnError = true } = request.content;
    void this.publishState('busy', request);
    if (!silent) {
      this.executionCount++;
      const content = { code, execution_count: this.executionCount };
      await this.output.publish('execute_input', content, request);
    }
    redirectOutput(silent ? undefined : this.output, request, this.options.tslab);
    const error = await this.options.runner.run(String(code));
    process.emit(CELL_ENDED as never);
    if (error !== undefined && stopOnError) {
      // Cells that were sent together with this one must be told apart from those that will be sent
      // because of the reply: read what has arrived before replying.
      await new Promise((resolve) => setTimeout(resolve, DRAIN));
      this.failures++;
    }
    await this.finish(socket, request, error);
  }

  private async refuse(socket: Router, request: Message): Promise<void> {
    void this.publishState('busy', request);
    await this.finish(socket, request, notRunError());
  }

  private async finish(socket: Router, request: Message, error?: CellError): Promise<void> {
    const execution_count = this.executionCount;
    if (error === undefined) {
      const content = { status: 'ok', execution_count, user_expressions: {}, payload: [] };
      await this.send(socket, 'execute_reply', content, request);
    } else {
      const { stack = [], ...message } = error;
      if (!request.content.silent) {
        void this.output.publish('error', message, request);
        if (stack.length > 0) this.output.display(foldedStack(stack), false, request);
      }
      const traceback = [...message.traceback, ...stack];
      const content = { status: 'error', execution_count, ...message, traceback };
      await this.send(socket, 'execute_reply', content, request);
    }
    await this.publishState('idle', request);
  }

  private publishState(state: 'busy' | 'idle', parent: Message): Promise<void> {
    this.output.flush();
    return this.send(this.iopub, 'status', { execution_state: state }, parent);
  }

  private send(
    socket: Router | Publisher,
    type: string,
    content: Record<string, unknown>,
    parent: Message,
  ): Promise<void> {
    const queue = this.queues.get(socket) ?? new SendQueue(socket);
    this.queues.set(socket, queue);
    const message = createMessage(type, content, this.session, parent);
    if (socket === this.iopub) {
      message.identities = [Buffer.from(type)];
    }
    return queue.send(encodeMessage(message, this.options.connection.key));
  }

  /** To the log of whoever started the kernel, past the redirected streams. */
  private log(text: string): void {
    this.logWrite(`tslab kernel: ${text}\n`);
  }
}
