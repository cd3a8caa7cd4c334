import type { Dataset } from '../data/dataset';
import type { RunProjection } from '../experiment/projection';
import type { Run } from '../experiment/run';
import type { Figure } from '../figure/figure';
import { projectionQuality } from '../figure/projection-quality';
import { explorer } from './explorer';
import type { ExplorerOptions } from './explorer-options';

/** Options of `runExplorer`. */
export interface RunExplorerOptions
  extends Pick<
    ExplorerOptions,
    'title' | 'epochs' | 'predictions' | 'neighbours' | 'invert' | 'signal' | 'onProgress'
  > {
  /** The run whose test embeddings are explored. */
  run: Pick<Run, 'embeddings'>;
  /** The dataset it was trained on, with the run's limits; its test images are shown. */
  dataset: Pick<Dataset, 'test' | 'classNames'>;
  /** Projections of the run by `projectRun`, by name; at least one: { UMAP: projection }. */
  projections: Record<string, RunProjection>;
}

/**
 * An explorer of a run's test embeddings, as `explorer` makes it, with how far to trust each
 * projection under it.
 *
 * @throws as `explorer` does
 */
export async function runExplorer({
  run,
  dataset: { test, classNames },
  projections,
  ...options
}: RunExplorerOptions): Promise<Figure> {
  const { embeddings, labels } = run.embeddings();
  const entries = Object.entries(projections);
  const quality = entries.map(([name, picture]) => `${name}: ${projectionQuality(picture)}.`);
  return explorer({
    ...options,
    images: test.images,
    height: test.height,
    width: test.width,
    labels,
    classNames,
    embeddings,
    projections: Object.fromEntries(entries.map(([name, { points }]) => [name, points])),
    caption:
      `${quality.join(' ')} Distances between far clusters mean little; the neighbours shown are ` +
      'those of the embedding.',
  });
}
