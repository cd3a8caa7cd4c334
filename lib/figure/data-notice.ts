import type { Dataset } from '../data/dataset';
import { fashionMnistAdvice } from '../data/load-fashion-mnist';
import { projectRoot } from '../data/project';
import type { Figure } from './figure';
import { table } from './table';

/** The images of either dataset when it is whole. */
const WHOLE = { train: 60_000, test: 10_000 };

/**
 * What a notebook says of its data before anything else: how many images of how many there are, where
 * they came from, and, where they are not all, that no figure below is one of the whole dataset.
 */
export function dataNotice(dataset: Dataset): Figure {
  const { name, train, test, source, isSample } = dataset;
  const notice = [`From ${source.replaceAll(projectRoot(), '.')}.`];
  if (isPartial(dataset)) {
    notice.push(
      'Figures marked (sample) are of these images alone: not comparable with published ones.',
    );
  }
  if (isSample) notice.push(`For the whole dataset ${fashionMnistAdvice}.`);
  const figure = table({
    title: isPartial(dataset) ? `${name}: only a sample` : name,
    columns: [{ name: '' }, { name: 'images' }, { name: 'of' }],
    rows: [
      ['training', train.count, WHOLE.train],
      ['test', test.count, WHOLE.test],
    ],
    caption: notice.join(' '),
  });
  const counts = `${train.count} training and ${test.count} test images.`;
  return { ...figure, alt: `${figureTitle(name, dataset)}: ${counts} ${notice.join(' ')}` };
}

/** The title of a figure of `dataset`: 'UMAP', or 'UMAP (sample)' where that is not whole. */
export function figureTitle(title: string, dataset: Pick<Dataset, 'train' | 'test'>): string {
  return isPartial(dataset) ? sampleTitle(title) : title;
}

/** The title of a figure that is known to be of images that are not all. */
export function sampleTitle(title: string): string {
  return `${title} (sample)`;
}

/** Whether images are missing: by a limit, or because only the sample is at hand. */
function isPartial({ train, test }: Pick<Dataset, 'train' | 'test'>): boolean {
  return train.count < WHOLE.train || test.count < WHOLE.test;
}
