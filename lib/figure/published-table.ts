import type { PublishedRow } from '../experiment/published';
import type { Run } from '../experiment/run';
import type { Figure } from './figure';
import { table } from './table';

/** A published row beside the figures of a run: validation, and training both ways. */
export function publishedTable(run: Run, published: PublishedRow): Figure {
  const { validation, train, lastBatch } = run.summary;
  const rows = (['loss', 'fractionPositive'] as const).flatMap((metric) => {
    const name = metric === 'loss' ? 'loss' : 'fraction positive';
    return [
      compared(`${name}, validation`, published[metric].validation, validation[metric]),
      compared(`${name}, last training batch`, published[metric].train, lastBatch[metric]),
      [`${name}, training average`, null, train[metric], null],
    ];
  });
  return table({
    title: `Margin ${published.margin}: published against ours, after ${run.config.steps.toLocaleString('en')} steps`,
    columns: [
      { name: '' },
      { name: 'published', digits: 4 },
      { name: 'ours', digits: 4 },
      { name: 'difference', digits: 2 },
    ],
    rows,
    caption:
      'Validation averages over batches of the test images. The last training batch is one batch ' +
      'of 64 and noisy; the training average is over all batches since the last evaluation but one.',
  });
}

function compared(name: string, published: number, ours: number): (string | number)[] {
  return [name, published, ours, ours - published];
}
