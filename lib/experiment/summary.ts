import type { Configuration } from './configuration';
import type { MetricsLine } from './run-folder';

/** What a run came to; of one that failed, what was on record by then. */
export interface Summary {
  /** Training steps done. */
  steps: number;
  /** Averages over the validation images after the last step, in batches; precisionAt1 of them. */
  validation: Record<string, number>;
  /** The same of the test set; where no images are held out, that is the validation set. */
  test: Record<string, number>;
  /** Averages over the training batches since the last evaluation but one. */
  train: Record<string, number>;
  /** The last training batch alone: what the MNIST study published as 'train'. */
  lastBatch: Record<string, number>;
  /** Wall time of the last stretch of training, evaluations included, in seconds. */
  seconds: number;
  /** The largest resident memory of the training process so far, in megabytes. */
  peakMegabytes: number;
}

/** What a summary says that the metrics do not. */
type Measured = Pick<Summary, 'test' | 'seconds' | 'peakMegabytes'>;

/** Draws up a run's summary from its metrics, up to where they end, and what else was measured. */
export function summarise(
  { evaluateEvery }: Pick<Configuration, 'evaluateEvery'>,
  metrics: MetricsLine[],
  measured: Measured,
): Summary {
  const steps = metrics.at(-1)?.step ?? 0;
  const train = metrics.filter(({ split }) => split === 'train');
  const validation = metrics.filter(({ split }) => split === 'validation');
  const recent = train.filter(({ step }) => step > steps - evaluateEvery);
  const isMean = (name: string): boolean => name.startsWith('mean ');
  const last = train.at(-1)?.values ?? {};
  const means: Record<string, number> = {};
  for (const name of Object.keys(last).filter(isMean)) {
    means[name.slice('mean '.length)] = average(recent.map(({ values }) => values[name]));
  }
  return {
    steps,
    validation: validation.at(-1)?.values ?? {},
    train: means,
    lastBatch: Object.fromEntries(Object.entries(last).filter(([name]) => !isMean(name))),
    ...measured,
  };
}

function average(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
