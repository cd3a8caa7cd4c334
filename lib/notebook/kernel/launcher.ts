import { readFileSync } from 'node:fs';
import { createCellRunner } from './cell-runner';
import { KernelServer } from './kernel-server';
import { loadTslab } from './tslab';
import type { ConnectionInfo } from './wire';

/** How often, in ms, to look whether whoever started the kernel is still there. */
const PARENT_CHECK = 2_000;

/**
 * Milliseconds left to Jupyter to ask a new kernel what it is: while the compiler reads declarations,
 * for seconds, nothing is answered. A cell that comes sooner has them read at once.
 */
const PREPARE = 500;

/** Exit status when a port was taken meanwhile: another start, with other ports, may succeed. */
export const EXIT_PORT_TAKEN = 75;

/**
 * Runs the kernel in this process: tslab's compiler and executor behind the project's own protocol
 * server. The working directory is the notebook's folder.
 */
export async function launch(connectionFile: string): Promise<void> {
  const connection = JSON.parse(readFileSync(connectionFile, 'utf8')) as ConnectionInfo;
  const tslab = loadTslab();
  const runner = createCellRunner(tslab, process.cwd());
  const server = new KernelServer({
    connection,
    runner,
    tslab,
    handler: new tslab.JupyterHandlerImpl(runner.executor, false),
    // Timers, worker threads or native libraries of the cells would keep the process alive.
    onShutdown: () => process.exit(0),
  });
  process.on('exit', () => server.sendRest());
  process.on('uncaughtException', (error) => console.error('Uncaught exception:', error));
  process.on('unhandledRejection', (reason) => console.error('Unhandled rejection:', reason));
  exitWithParent();
  try {
    await server.start();
    setTimeout(() => runner.prepare(), PREPARE);
  } catch (error) {
    process.stderr.write(`tslab kernel: ${String(error)}\n`);
    process.exit((error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? EXIT_PORT_TAKEN : 1);
  }
}

/** A kernel whose parent was killed would stay for ever. */
function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.exit(0), PARENT_CHECK).unref();
}
