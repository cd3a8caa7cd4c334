import type { Run } from '../experiment/run';
import type { OnSweepProgress } from '../experiment/sweep/follow';
import { hasEnded, type TrialState } from '../experiment/sweep/trial-state';
import { escapeMarkup } from '../figure/escape';
import type { Figure } from '../figure/figure';
import { CELL_ENDED } from './cell-ended';
import { inNotebook, liveDisplay, type DisplayBundle } from './display';
import { liveFigure } from './live-figure';
import { progressHtml } from './progress-bar';
import { describeProgress } from './progress-text';
import { describeSweep, describeTrials, overallProgress } from './sweep-text';

/** A sweep's progress callback that shows what it hears. */
export interface SweepProgress extends OnSweepProgress {
  /** Ends the display of a sweep that stopped. One that comes to its end ends it by itself. */
  finish(): void;
}

/** Options of `sweepProgress`. */
export interface SweepProgressOptions {
  /** What to call the sweep. Default 'sweep'. */
  label?: string;
  /**
   * Figures of the runs so far, finished and failed, that stand below and are drawn anew as trials
   * end; in a notebook only. Default none.
   */
  figures?: readonly ((runs: Run[]) => Figure)[];
}

/** Milliseconds between two updates of the lines, and of the figures. */
const INTERVAL = { lines: 200, figures: 2_000 };

/** More trials than this are counted, not listed. */
const LISTED = 24;

/** Where a sweep is shown: under the cell, or on a terminal. */
interface Surface {
  draw(label: string, trials: readonly TrialState[], seconds: number): void;
  /** One line stays. */
  end(line: string, trials: readonly TrialState[]): void;
}

/**
 * A live line for each trial of a sweep, with bar, rate, time left and the newest metrics; when the
 * sweep is done one line stays. In a notebook it stands under the cell; in a terminal on stderr, and
 * where stderr is no terminal, a line is written for every trial that ends.
 *
 *     await sweep(base, grid, {
 *       onProgress: sweepProgress({ figures: [(runs) => comparisonTable(runs, { title: 'So far' })] }),
 *     });
 */
export function sweepProgress({
  label = 'sweep',
  figures = [],
}: SweepProgressOptions = {}): SweepProgress {
  const surface = inNotebook() ? notebookSurface() : terminalSurface(process.stderr);
  const places = figures.map((draw) => ({ draw, show: liveFigure() }));
  const started = performance.now();
  const drawn = { lines: -Infinity, figures: -Infinity };
  const isDue = (what: 'lines' | 'figures', now: number): boolean => {
    if (now - drawn[what] < INTERVAL[what]) return false;
    drawn[what] = now;
    return true;
  };
  let trials: readonly TrialState[] = [];
  let ended = 0;
  let isOver = false;

  function finish(): void {
    process.off(CELL_ENDED, finish);
    if (isOver || trials.length === 0) return;
    isOver = true;
    surface.end(describeSweep(label, trials, (performance.now() - started) / 1000), trials);
  }

  function drawFigures(): void {
    const runs = trials.flatMap(({ run }) => run ?? []);
    if (runs.length === ended) return;
    ended = runs.length;
    for (const { draw, show } of inNotebook() ? places : []) show(draw(runs));
  }

  function onProgress(states: readonly TrialState[]): void {
    const now = performance.now();
    // What a cell leaves unfinished, for it was interrupted or failed, is shown as stopped.
    if (trials.length === 0) process.once(CELL_ENDED, finish);
    trials = states;
    const isLast = trials.every(hasEnded);
    if (isLast) finish();
    else if (isDue('lines', now)) surface.draw(label, trials, (now - started) / 1000);
    if (isLast || isDue('figures', now)) drawFigures();
  }

  return Object.assign(onProgress, { finish });
}

function notebookSurface(): Surface {
  const show = liveDisplay();
  return {
    draw: (label, trials, seconds) => show(sweepBundle(label, trials, seconds)),
    end: (line) =>
      show({ data: { 'text/html': `<div>${escapeMarkup(line)}</div>`, 'text/plain': line } }),
  };
}

/** The metadata lets a headless run show the progress of all trials on its terminal. */
function sweepBundle(label: string, trials: readonly TrialState[], seconds: number): DisplayBundle {
  const progress = overallProgress(label, trials);
  const { share, state } = describeProgress(progress, seconds);
  const { lines, others } = describeTrials(trials, LISTED);
  const cell = (content: string): string =>
    `<td style="text-align:left;border:none;padding:1px 12px 1px 0">${content}</td>`;
  const row = (name: string, bar: string, text: string): string =>
    `<tr style="background:none">${cell(escapeMarkup(name))}${cell(bar)}${cell(escapeMarkup(text))}</tr>`;
  const rows = [
    row(label, progressHtml(share), state),
    ...lines.map(({ name, share: done, text }) =>
      row(name, done === undefined ? '' : progressHtml(done), text),
    ),
    ...(others ? [row('', '', others)] : []),
  ];
  const texts = [
    `${label}: ${state}`,
    ...lines.map(({ name, text }) => `${name}: ${text}`),
    others,
  ];
  return {
    data: {
      'text/html': `<table style="border-collapse:collapse;margin:0">${rows.join('')}</table>`,
      'text/plain': texts.filter(Boolean).join('\n'),
    },
    metadata: { tripletlab: { progress } },
  };
}

function terminalSurface(stream: NodeJS.WriteStream): Surface {
  const told = new Set<number>();
  let live = 0;

  function write(lines: string[], status: string[]): void {
    const erase = live > 0 ? `\x1b[${live}A\x1b[J` : '';
    stream.write(erase + [...lines, ...status].map((line) => `${line}\n`).join(''));
    live = status.length;
  }

  /** Lines of the trials that have ended since the last call. */
  function news(trials: readonly TrialState[]): string[] {
    const fresh = trials.filter((trial) => hasEnded(trial) && !told.has(trial.trial));
    for (const { trial } of fresh) told.add(trial);
    return describeTrials(fresh, Infinity).lines.map(({ name, text }) => `${name}: ${text}`);
  }

  return {
    draw(label, trials, seconds) {
      const lines = news(trials);
      if (!stream.isTTY) {
        if (lines.length > 0) write(lines, []);
        return;
      }
      const shown = trials.filter(
        ({ state, reason }) => state === 'running' || reason !== undefined,
      );
      const status = describeTrials(shown, (stream.rows ?? 24) - 3).lines.map(
        ({ name, text }) => `${name}: ${text}`,
      );
      const { state } = describeProgress(overallProgress(label, trials), seconds);
      const clipped = [...status, `${label}: ${state}`].map((line) =>
        line.slice(0, (stream.columns ?? 80) - 1),
      );
      write(lines, clipped);
    },
    end: (line, trials) => write([...news(trials), line], []),
  };
}
