import type { Progress } from '../data/progress';

/** What a progress display says, computed from how long the work has taken. */
export interface ProgressText {
  /** Share of the work that is done, from 0 to 1. */
  share: number;
  /** '120 of 750 steps, 62/s, 10 s left' */
  state: string;
  /** 'loss 0.31, fraction 0.02', or empty. */
  metrics: string;
}

/** Describes unfinished work after `seconds` of it, `since` of its units being done before. */
export function describeProgress(progress: Progress, seconds: number, since = 0): ProgressText {
  const { done, total } = progress;
  const rate = seconds > 0 ? (done - since) / seconds : 0;
  const left = rate > 0 && total >= done ? `${formatSeconds((total - done) / rate)} left` : '';
  const counted = total > 0 ? `${done} of ${units(progress, total)}` : units(progress, done);
  return {
    share: total > 0 ? Math.min(1, Math.max(0, done / total)) : 0,
    state: [counted, formatRate(rate), left].filter((part) => part !== '').join(', '),
    metrics: formatMetrics(progress.metrics),
  };
}

/** Describes finished work: 'train: 750 steps in 12 s, 62/s (loss 0.31)'. */
export function describeFinished(progress: Progress, seconds: number, since = 0): string {
  const { label, done, total } = progress;
  const rate = seconds > 0 ? formatRate((done - since) / seconds) : '';
  const stopped = done < total ? ` of ${total}, stopped` : '';
  const metrics = formatMetrics(progress.metrics);
  return (
    `${label}: ${units(progress, done)}${stopped} in ${formatSeconds(seconds)}` +
    `${rate && `, ${rate}`}${metrics && ` (${metrics})`}`
  );
}

/** 0.4 s, 12 s, 3 min 20 s, 2 h 5 min. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** '120 steps', '1 step'; the number alone where there is no unit. */
export function units({ unit }: Pick<Progress, 'unit'>, count: number): string {
  return unit === undefined ? `${count}` : `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** '62/s', or empty where there is no rate. */
export function formatRate(rate: number): string {
  return rate > 0 ? `${rate >= 10 ? Math.round(rate) : Number(rate.toPrecision(2))}/s` : '';
}

/** 'loss 0.31, fraction 0.02' */
export function formatMetrics(metrics: Record<string, number> = {}): string {
  const entries = Object.entries(metrics);
  return entries.map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`).join(', ');
}
