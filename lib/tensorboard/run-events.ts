import type { Run } from '../experiment/run';
import type { LoggedEvent } from './event';

/** The metrics of a run as TensorBoard overlays them: two runs with the same tags. */
export interface RunEvents {
  /** Averages over the batches since the event before; of the last batch alone under 'last-batch/'. */
  train: LoggedEvent[];
  /** Averages over the validation images. */
  validation: LoggedEvent[];
}

/**
 * The metrics of a run as events, each under its own name as tag: 'loss', 'fractionPositive',
 * 'precisionAt1', … A run does not keep the time of every step: the steps are spread evenly over the
 * seconds that it took.
 *
 * @param started when the training began, in seconds since the beginning of 1970
 * @throws RangeError when two metrics have the same name but for characters that no tag may have
 */
export function runEvents(
  { metrics, summary }: Pick<Run, 'metrics' | 'summary'>,
  started: number,
): RunEvents {
  const eventsOf = (split: 'train' | 'validation', tag: (name: string) => string): LoggedEvent[] =>
    metrics
      .filter((line) => line.split === split)
      .map(({ step, values }) => ({
        step,
        wallTime: started + (summary.seconds * step) / summary.steps,
        values: tagged(values, tag),
      }));
  return { train: eventsOf('train', trainTag), validation: eventsOf('validation', legalTag) };
}

function tagged(
  values: Readonly<Record<string, number | null>>,
  tag: (name: string) => string,
): Record<string, number> {
  const result = new Map<string, number>();
  for (const [name, value] of Object.entries(values)) {
    if (result.has(tag(name))) {
      throw new RangeError(`runEvents: two metrics would have the tag '${tag(name)}'`);
    }
    // JSON has no NaN: it is null in the lines of a run's folder.
    result.set(tag(name), value ?? NaN);
  }
  return Object.fromEntries(result);
}

/** Averages get the plain name, because it is they that compare with the validation averages. */
function trainTag(name: string): string {
  const mean = 'mean ';
  return name.startsWith(mean) ? legalTag(name.slice(mean.length)) : `last-batch/${legalTag(name)}`;
}

/** A name with '_' for whatever TensorBoard does not take in tags. */
function legalTag(name: string): string {
  return name.replace(/[^\w.-]/g, '_') || '_';
}
