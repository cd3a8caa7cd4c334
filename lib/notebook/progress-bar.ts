import type { OnProgress, Progress } from '../data/progress';
import { display, inNotebook, type Display, type DisplayBundle } from './display';
import { escapeHtml } from './html';
import { describeFinished, describeProgress } from './progress-text';

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

/** Where a bar is drawn: under the cell, or on a terminal. */
interface Surface {
  /** Shows the lines of the finished work and the state of the current. */
  draw(finished: string[], current: Task | undefined): void;
}

/**
 * A live progress bar with rate, time left and the newest metrics; when the work is done one line
 * stays. Work under another label gets a bar of its own below. In a notebook it stands under the
 * cell; in a terminal it is a line on stderr, and where stderr is no terminal, a line every 10 %.
 *
 *     await run(config, { onProgress: progressBar() });
 *
 * @param label what to call the work. Default: the label that the progress itself carries
 */
export function progressBar(label?: string): ProgressBar {
  const surface = inNotebook() ? notebookSurface() : terminalSurface(process.stderr);
  const finished: string[] = [];
  let task: Task | undefined;
  let drawn = -Infinity;

  function finish(): void {
    if (task !== undefined) {
      finished.push(finishedLine(task));
      task = undefined;
      surface.draw(finished, undefined);
    }
  }

  function onProgress(progress: Progress): void {
    const now = performance.now();
    const named = label === undefined ? progress : { ...progress, label };
    if (task?.progress.label !== named.label) {
      finish();
      task = { progress: named, started: now, since: named.done };
    }
    task.progress = named;
    if (named.total > 0 && named.done >= named.total) {
      finish();
    } else if (now - drawn >= INTERVAL) {
      drawn = now;
      surface.draw(finished, task);
    }
  }

  return Object.assign(onProgress, { finish });
}

function finishedLine(task: Task): string {
  return describeFinished(task.progress, secondsOf(task), task.since);
}

function secondsOf(task: Task): number {
  return (performance.now() - task.started) / 1000;
}

function notebookSurface(): Surface {
  let shown: Display | undefined;
  return {
    draw(finished, current) {
      const bundle = progressBundle(finished, current);
      if (shown === undefined) {
        shown = display(bundle);
      } else {
        shown.update(bundle);
      }
    },
  };
}

/** The metadata lets a headless run show the progress on its terminal. */
function progressBundle(finished: string[], current: Task | undefined): DisplayBundle {
  const html = finished.map((line) => `<div>${escapeHtml(line)}</div>`);
  const text = [...finished];
  if (current !== undefined) {
    const { label } = current.progress;
    const { share, state, metrics } = describeProgress(
      current.progress,
      secondsOf(current),
      current.since,
    );
    const percent = Math.floor(share * 100);
    text.push(`${label} ${percent} % ${[state, metrics].filter(Boolean).join(' · ')}`);
    html.push(
      `<div>${escapeHtml(label)} ` +
        `<progress max="100" value="${percent}" style="vertical-align:middle">${percent} %</progress> ` +
        `${escapeHtml([state, metrics].filter(Boolean).join(' · '))}</div>`,
    );
  }
  return {
    data: { 'text/html': html.join(''), 'text/plain': text.join('\n') },
    metadata: current === undefined ? {} : { tripletlab: { progress: current.progress } },
  };
}

function terminalSurface(stream: NodeJS.WriteStream): Surface {
  let written = 0;
  let tenth = 0;
  return {
    draw(finished, current) {
      const fresh = finished.slice(written);
      written = finished.length;
      fresh.forEach((line) => stream.write(`${stream.isTTY ? '\r\x1b[K' : ''}${line}\n`));
      if (fresh.length > 0) {
        tenth = 0;
      }
      if (current === undefined) {
        return;
      }
      const { share, state, metrics } = describeProgress(
        current.progress,
        secondsOf(current),
        current.since,
      );
      const line = `${current.progress.label}: ${[state, metrics].filter(Boolean).join(' · ')}`;
      if (stream.isTTY) {
        stream.write(`\r\x1b[K${line.slice(0, (stream.columns ?? 80) - 1)}`);
      } else if (Math.floor(share * 10) > tenth) {
        tenth = Math.floor(share * 10);
        stream.write(`${line}\n`);
      }
    },
  };
}
