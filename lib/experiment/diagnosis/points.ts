import type { RunRecord } from './finding';

/** The value of one metric at one step. */
export interface Point {
  step: number;
  value: number;
}

/** A training metric over the steps: averages over the batches since the point before. */
export function trainPoints(run: RunRecord, name: string): Point[] {
  return points(run, 'train', `mean ${name}`);
}

/** A metric of the test set over the steps. */
export function validationPoints(run: RunRecord, name: string): Point[] {
  return points(run, 'validation', name);
}

/** What was not recorded, or is not finite, is left out. */
function points({ metrics }: RunRecord, split: string, name: string): Point[] {
  return metrics
    .filter((line) => line.split === split)
    .map(({ step, values }) => ({ step, value: values[name] }))
    .filter(({ value }) => Number.isFinite(value));
}

/** The mean of the values; NaN of none. */
export function average(of: Point[]): number {
  return of.reduce((sum, { value }) => sum + value, 0) / of.length;
}

/** The mean of the values from one step to another, both included. */
export function averageBetween(of: Point[], { from, to }: { from: number; to: number }): number {
  return average(of.filter(({ step }) => step >= from && step <= to));
}

/** The last tenth of the points, one at least: where a run ended up. */
export function recent(of: Point[]): Point[] {
  return of.slice(-Math.max(1, Math.round(of.length / 10)));
}

/** Quarter 1, 2, 3 or 4 of the points. */
export function quarter(of: Point[], which: number): Point[] {
  const edge = (end: number): number => Math.round((end * of.length) / 4);
  return of.slice(edge(which - 1), edge(which));
}
