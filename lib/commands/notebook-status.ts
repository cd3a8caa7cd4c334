import { describeProgress, formatSeconds } from '../notebook/progress-text';
import type { NotebookEvent, NotebookResult } from '../notebook/execute-notebook';

/** Follows notebooks as they run, on a terminal. */
export interface NotebookStatus {
  /** Hears what happens in the notebook of this name. */
  event(name: string, event: NotebookEvent): void;
  /** Hears how a notebook ended. */
  ended(name: string, result: NotebookResult): void;
}

/**
 * Lines of progress on `stream`. On a terminal, the last lines are live, one per running notebook;
 * elsewhere, a line is written for every cell and every fifth of long work.
 */
export function notebookStatus(stream: NodeJS.WriteStream): NotebookStatus {
  const running = new Map<string, string>();
  const work = new Map<string, { label: string; started: number; since: number; fifth: number }>();
  let live = 0;

  function write(lines: string[]): void {
    const erase = stream.isTTY && live > 0 ? `\x1b[${live}A\x1b[J` : '';
    const status = stream.isTTY ? [...running.values()].map((line) => clip(line, stream)) : [];
    stream.write(erase + [...lines, ...status].map((line) => `${line}\n`).join(''));
    live = status.length;
  }

  function progressLine(name: string, event: NotebookEvent & { type: 'progress' }): string | null {
    const { progress } = event;
    const key = `${name} ${progress.label}`;
    let task = work.get(name);
    if (task?.label !== key) {
      task = { label: key, started: performance.now(), since: progress.done, fifth: 0 };
      work.set(name, task);
    }
    const seconds = (performance.now() - task.started) / 1000;
    const { state, metrics } = describeProgress(progress, seconds, task.since);
    const line = [progress.label, state, metrics].filter(Boolean).join(' · ');
    running.set(name, `${name}  ${cellOf(event)}  ${line}`);
    const fifth = Math.floor((5 * progress.done) / progress.total);
    if (fifth <= task.fifth) return null;
    task.fifth = fifth;
    return running.get(name) ?? null;
  }

  return {
    event(name, event) {
      if (event.type === 'progress') {
        const line = progressLine(name, event);
        write(line !== null && !stream.isTTY ? [line] : []);
      } else if (event.type === 'cell-started') {
        running.set(name, `${name}  ${cellOf(event)}  ${firstLine(event.source)}`);
        write(stream.isTTY ? [] : [running.get(name) ?? '']);
      }
    },
    ended(name, { status, message, cell, seconds, path }) {
      running.delete(name);
      const where = cell === undefined ? '' : ` in cell ${cell}`;
      const end = status === 'ok' ? `done in ${formatSeconds(seconds)}` : `${status}${where}`;
      write([
        `${name}  ${end}`,
        ...(status === 'ok' ? [] : [message, `The notebook as far as it came: ${path}`]),
      ]);
    },
  };
}

function cellOf({ cell, cells }: NotebookEvent): string {
  return `cell ${cell} of ${cells}`;
}

function firstLine(source: string): string {
  return source.split('\n')[0];
}

function clip(line: string, stream: NodeJS.WriteStream): string {
  return line.slice(0, (stream.columns ?? 80) - 1);
}
