import type { OnProgress, Progress } from '../data/progress';
import { CELL_ENDED } from './cell-ended';
import { inNotebook, liveDisplay, type DisplayBundle } from './display';
import { escapeMarkup } from '../figure/escape';
import { describeFinished, describeProgress, formatSeconds } from './progress-text';

/** A progress callback that shows what it hears. */
export interface ProgressBar extends OnProgress {
  /** Ends the display of work that stopped before its total. Finished work ends by itself. */
  finish(): void;
}

/** Milliseconds between two updates. */
const INTERVAL = 200;

/** One piece of work: what is called by one label. */
interface Task {
  progress: Progress;
  /** performance.now() when it was first heard of, and what was done by then (a resumed run). */
  started: number;
  since: number;
}

/** A piece of work that ended: what to say of it. */
interface Finished {
  line: string;
  seconds: number;
  /** Whether it ended before its total. */
  stopped: boolean;
}

/** Where a bar is drawn: under the cell, or on a terminal. */
interface Surface {
  /** Shows what is finished and the state of the current work. */
  draw(finished: Finished[], current: Task | undefined): void;
}

/**
 * A live progress bar with rate, time left and the newest metrics; when the work is done one line
 * stays. Work under another label gets a bar of its own below. In a notebook it stands under the
 * cell, where the lines of several pieces of work fold into one; in a terminal it is a line on
 * stderr, and where stderr is no terminal, a line every 10 %.
 *
 *     await run(config, { onProgress: progressBar() });
 *
 * @param label what to call the work. Default: the label that the progress itself carries
 */
export function progressBar(label?: string): ProgressBar {
  const surface = inNotebook() ? notebookSurface() : terminalSurface(process.stderr);
  const finished: Finished[] = [];
  let task: Task | undefined;
  let completed: string | undefined;
  let drawn = -Infinity;

  function finish(): void {
    if (task !== undefined) {
      const { progress, started, since } = task;
      const seconds = (performance.now() - started) / 1000;
      const stopped = progress.done < progress.total;
      finished.push({ line: describeFinished(progress, seconds, since), seconds, stopped });
      completed = progress.label;
      task = undefined;
      process.off(CELL_ENDED, finish);
      surface.draw(finished, undefined);
    }
  }

  function begin(progress: Progress, now: number): Task {
    finish();
    // Work that a cell leaves unfinished, for it was interrupted or failed, is shown as stopped.
    process.once(CELL_ENDED, finish);
    return { progress, started: now, since: progress.done };
  }

  function onProgress(progress: Progress): void {
    const now = performance.now();
    const named = label === undefined ? progress : { ...progress, label };
    const isDone = named.total > 0 && named.done >= named.total;
    if (isDone && task === undefined && completed === named.label) {
      return;
    }
    if (task?.progress.label !== named.label) {
      task = begin(named, now);
    }
    task.progress = named;
    if (isDone) {
      finish();
    } else if (now - drawn >= INTERVAL) {
      drawn = now;
      surface.draw(finished, task);
    }
  }

  return Object.assign(onProgress, { finish });
}

/** The share that is done, and what to write beside the bar. */
function describe({ progress, started, since }: Task): { share: number; text: string } {
  const seconds = (performance.now() - started) / 1000;
  const { share, state, metrics } = describeProgress(progress, seconds, since);
  return { share, text: [state, metrics].filter((part) => part !== '').join(' · ') };
}

function notebookSurface(): Surface {
  const show = liveDisplay();
  return { draw: (finished, current) => show(progressBundle(finished, current)) };
}

/** A bar of which a share from 0 to 1 is filled. */
export function progressHtml(share: number): string {
  const percent = Math.floor(share * 100);
  return `<progress max="100" value="${percent}" style="vertical-align:middle">${percent} %</progress>`;
}

/** The metadata lets a headless run show the progress on its terminal. */
function progressBundle(finished: Finished[], current: Task | undefined): DisplayBundle {
  const html = finished.length === 0 ? [] : [finishedHtml(finished)];
  const text = finished.length === 0 ? [] : [summarize(finished)];
  if (current !== undefined) {
    const { label } = current.progress;
    const { share, text: state } = describe(current);
    text.push(`${label}: ${Math.floor(share * 100)} % ${state}`);
    html.push(`<div>${escapeMarkup(label)} ${progressHtml(share)} ${escapeMarkup(state)}</div>`);
  }
  return {
    data: { 'text/html': html.join(''), 'text/plain': text.join('\n') },
    metadata: current === undefined ? {} : { tripletlab: { progress: current.progress } },
  };
}

/** One line: the work itself, or how many pieces of it there were. */
function summarize(finished: Finished[]): string {
  if (finished.length === 1) {
    return finished[0].line;
  }
  const total = finished.reduce((sum, { seconds }) => sum + seconds, 0);
  const stopped = finished.filter((task) => task.stopped).length;
  const ending = stopped > 0 ? `, ${stopped} of them stopped` : '';
  return `${finished.length} tasks in ${formatSeconds(total)}${ending}`;
}

/** That line; where it stands for several, they unfold from it. */
function finishedHtml(finished: Finished[]): string {
  const summary = escapeMarkup(summarize(finished));
  if (finished.length === 1) {
    return `<div>${summary}</div>`;
  }
  const lines = finished.map(({ line }) => `<div>${escapeMarkup(line)}</div>`);
  return `<details><summary>${summary}</summary>${lines.join('')}</details>`;
}

function terminalSurface(stream: NodeJS.WriteStream): Surface {
  let written = 0;
  let tenth = 0;
  return {
    draw(finished, current) {
      const fresh = finished.slice(written);
      written = finished.length;
      fresh.forEach(({ line }) => stream.write(`${stream.isTTY ? '\r\x1b[K' : ''}${line}\n`));
      if (fresh.length > 0) {
        tenth = 0;
      }
      if (current === undefined) {
        return;
      }
      const { share, text } = describe(current);
      const line = `${current.progress.label}: ${text}`;
      if (stream.isTTY) {
        stream.write(`\r\x1b[K${line.slice(0, (stream.columns ?? 80) - 1)}`);
      } else if (Math.floor(share * 10) > tenth) {
        tenth = Math.floor(share * 10);
        stream.write(`${line}\n`);
      }
    },
  };
}
