import { dirname, resolve } from 'node:path';
import type { Progress } from '../data/progress';
import { CellOutputs } from './cell-outputs';
import { startKernel, type ExecuteResult, type KernelClient } from './kernel/kernel-client';
import type { Message } from './kernel/wire';
import { readNotebook, writeNotebook } from './notebook-file';
import type { CodeCell, ErrorOutput, Notebook } from './notebook';
import { withParameters, type Parameters } from './parameters';

export interface ExecuteNotebookOptions {
  /** Where the executed copy is written; folders are made. It must not be the notebook itself. */
  output: string;
  /** New values for the cell tagged `parameters`. Default: the cell's own. */
  parameters?: Parameters;
  /** Seconds each cell may take. Default: no limit. */
  timeoutPerCell?: number;
  /** Stops the run: the running cell is interrupted, what was put out so far is kept. */
  signal?: AbortSignal;
  /** 'live' figures carry scripts and data, 'still' ones are pictures alone. Default 'live'. */
  figures?: 'live' | 'still';
  /** Hears how the run goes; cells are counted from 1, over the code cells that hold code. */
  onEvent?: (event: NotebookEvent) => void;
}

/** How a run goes on. */
export type NotebookEvent =
  | { type: 'cell-started'; cell: number; cells: number; source: string }
  | { type: 'cell-finished'; cell: number; cells: number; seconds: number; status: string }
  | { type: 'progress'; cell: number; cells: number; progress: Progress }
  | { type: 'text'; cell: number; cells: number; name: string; text: string };

/** How a run ended; unless the notebook could not be read, the executed copy is there. */
export interface NotebookResult {
  status: 'ok' | 'error' | 'timeout' | 'died' | 'aborted';
  /** The cell at which it ended, counted from 1 over the code cells; absent when it is ok. */
  cell?: number;
  /** What happened, in a line, and where there is something to do about it in a second. */
  message: string;
  /** The executed copy. */
  path: string;
  seconds: number;
}

/**
 * Runs a notebook from its first cell to its last in a kernel of its own, as JupyterLab would, with
 * the notebook's folder as working directory, and stops at the first cell that fails. The executed
 * copy is written after every cell, so it is there in part whatever happens.
 *
 * @throws Error when the notebook cannot be read, has no such parameters, or is itself the output
 */
export async function executeNotebook(
  path: string,
  options: ExecuteNotebookOptions,
): Promise<NotebookResult> {
  if (resolve(path) === resolve(options.output)) {
    throw new Error(`executeNotebook: the output must not be the notebook itself, ${path}`);
  }
  const original = readNotebook(path);
  const { parameters } = options;
  const prepared = parameters ? withParameters(original, parameters) : original;
  return new NotebookRun(withoutOutputs(prepared), resolve(path), options).run();
}

class NotebookRun {
  private readonly outputs = new CellOutputs();
  private readonly cells: CodeCell[];
  private readonly started = performance.now();

  constructor(
    private readonly notebook: Notebook,
    private readonly path: string,
    private readonly options: ExecuteNotebookOptions,
  ) {
    this.cells = notebook.cells.filter(
      (cell): cell is CodeCell => cell.cell_type === 'code' && cell.source.trim() !== '',
    );
  }

  async run(): Promise<NotebookResult> {
    this.write();
    let kernel: KernelClient;
    try {
      kernel = await startKernel({
        directory: dirname(this.path),
        environment: { TRIPLETLAB_FIGURES: this.options.figures ?? 'live' },
      });
    } catch (error) {
      return this.result('died', (error as Error).message);
    }
    try {
      return await this.runCells(kernel);
    } finally {
      await kernel.shutdown();
    }
  }

  private async runCells(kernel: KernelClient): Promise<NotebookResult> {
    for (const [index, cell] of this.cells.entries()) {
      const ended = await this.runCell(kernel, cell, index + 1);
      if (ended.status !== 'ok') {
        const message = messageOf(ended, this.options);
        if (ended.status !== 'error') {
          cell.outputs.push(failure(ended.status, message));
        }
        this.write();
        return this.result(ended.status, message, index + 1);
      }
      this.write();
    }
    return this.result('ok', `${this.cells.length} cells`);
  }

  private async runCell(kernel: KernelClient, cell: CodeCell, number: number) {
    const { onEvent, signal, timeoutPerCell } = this.options;
    const place = { cell: number, cells: this.cells.length };
    const started = performance.now();
    onEvent?.({ type: 'cell-started', ...place, source: cell.source });
    const ended = await kernel.execute(cell.source, {
      signal,
      timeout: timeoutPerCell === undefined ? undefined : timeoutPerCell * 1000,
      onOutput: (message) => {
        if (message.header.msg_type === 'execute_input') {
          cell.execution_count = Number(message.content.execution_count);
        }
        this.outputs.take(message, cell.outputs);
        this.tell(message, place);
      },
    });
    const seconds = (performance.now() - started) / 1000;
    onEvent?.({ type: 'cell-finished', ...place, seconds, status: ended.status });
    return ended;
  }

  /** Passes on what a terminal can show: printed text, and the state of a progress bar. */
  private tell(message: Message, place: { cell: number; cells: number }): void {
    const { content } = message;
    if (message.header.msg_type === 'stream') {
      const { name, text } = content;
      this.options.onEvent?.({ type: 'text', ...place, name: String(name), text: String(text) });
    }
    const metadata = content.metadata as { tripletlab?: { progress?: Progress } } | undefined;
    const progress = metadata?.tripletlab?.progress;
    if (progress !== undefined) {
      this.options.onEvent?.({ type: 'progress', ...place, progress });
    }
  }

  private write(): void {
    writeNotebook(this.options.output, this.notebook);
  }

  private result(status: NotebookResult['status'], message: string, cell?: number): NotebookResult {
    const seconds = (performance.now() - this.started) / 1000;
    return { status, ...(cell && { cell }), message, path: this.options.output, seconds };
  }
}

/** A deep copy in which no cell has been run. */
function withoutOutputs(notebook: Notebook): Notebook {
  const copy = structuredClone(notebook);
  for (const cell of copy.cells) {
    if (cell.cell_type === 'code') {
      cell.outputs = [];
      cell.execution_count = null;
    }
  }
  return copy;
}

function messageOf(ended: ExecuteResult, options: ExecuteNotebookOptions): string {
  switch (ended.status) {
    case 'ok':
      return '';
    case 'error':
      return `${ended.name}: ${ended.message}`;
    case 'timeout':
      return `The cell took longer than ${options.timeoutPerCell} s.\nGive it more time, or choose a smaller preset.`;
    case 'aborted':
      return 'The run was stopped.';
    case 'died':
      return ended.message;
  }
}

/** What a reader of the executed copy finds where a cell ended without an error of its own. */
function failure(status: 'timeout' | 'died' | 'aborted', message: string): ErrorOutput {
  const ename = { timeout: 'Timeout', died: 'KernelDied', aborted: 'Stopped' }[status];
  return { output_type: 'error', ename, evalue: message, traceback: [`${ename}: ${message}`] };
}
