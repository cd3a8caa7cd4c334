import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../data/project';
import {
  startKernel,
  type ExecuteResult,
  type KernelClient,
} from '../notebook/kernel/kernel-client';
import type { Message } from '../notebook/kernel/wire';

/** Milliseconds that a kernel may take to start on a busy machine. */
const START = 300_000;

/** A notebook at work: a kernel whose cells are run one after another. */
export interface NotebookSession {
  /** Where its cells are to keep runs; gone when it is closed. */
  runsFolder: string;
  /**
   * Runs a cell.
   *
   * @returns what it printed
   * @throws Error when it fails
   */
  run(source: string): Promise<string>;
  /**
   * Runs a cell that shows progress, and interrupts it when it has said `times` times how far it is.
   *
   * @returns milliseconds from the interrupt until the kernel is idle
   * @throws Error when the cell ended by itself
   */
  interrupt(source: string, times: number): Promise<number>;
  /** A kernel that knows nothing yet. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a kernel in a folder of its own inside the project. */
export async function notebookSession(): Promise<NotebookSession> {
  mkdirSync(projectPath('results'), { recursive: true });
  const directory = mkdtempSync(projectPath('results', 'bench-'));
  let kernel: KernelClient = await startKernel({ directory, startTimeout: START });

  async function run(source: string): Promise<string> {
    let printed = '';
    const onOutput = ({ header, content }: Message): void => {
      if (header.msg_type === 'stream') printed += String(content.text);
    };
    const ended = await kernel.execute(source, { onOutput });
    if (ended.status !== 'ok') throw new Error(`notebook: the cell ${reasonOf(ended)}: ${source}`);
    return printed;
  }

  async function interrupt(source: string, times: number): Promise<number> {
    let heard = 0;
    let since = NaN;
    const onOutput = ({ header }: Message): void => {
      if (header.msg_type !== 'update_display_data' || ++heard !== times) return;
      since = performance.now();
      kernel.interrupt();
    };
    const ended = await kernel.execute(source, { onOutput });
    if (ended.status === 'error' && !Number.isNaN(since)) return performance.now() - since;
    throw new Error(`notebook: the cell to be interrupted ${reasonOf(ended)}`);
  }

  return {
    runsFolder: join(directory, 'runs'),
    run,
    interrupt,
    async restart() {
      await kernel.shutdown();
      kernel = await startKernel({ directory, startTimeout: START });
    },
    async close() {
      await kernel.shutdown();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function reasonOf(ended: ExecuteResult): string {
  return ended.status === 'error' || ended.status === 'died'
    ? `${ended.status}: ${ended.message}`
    : `ended: ${ended.status}`;
}
