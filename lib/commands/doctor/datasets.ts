import type { Dataset } from '../../data/dataset';
import { fashionMnistFolders, readFashionMnist } from '../../data/fashion-mnist';
import { readFashionMnistSample } from '../../data/fashion-mnist-sample';
import { hasIdxDataset } from '../../data/idx-dataset';
import { fashionMnistAdvice } from '../../data/load-fashion-mnist';
import { readMnist } from '../../data/mnist';
import { ok, optional, type Finding, type Question } from './check';

/**
 * The datasets; nothing is downloaded to answer.
 *
 * @param folders where Fashion-MNIST is looked for
 */
export function datasetQuestions(folders: string[] = fashionMnistFolders()): Question[] {
  return [
    { what: 'MNIST', essential: true, look: async () => ok(inWords(await readMnist())) },
    { what: 'Fashion-MNIST', look: () => fashionMnist(folders) },
    { what: 'Fashion sample', look: async () => ok(inWords(await readFashionMnistSample())) },
  ];
}

async function fashionMnist(folders: string[]): Promise<Finding> {
  const folder = folders.find(hasIdxDataset);
  if (folder === undefined) {
    return optional(
      `not here: its first use downloads it, or where that fails takes the sample; to get it, ` +
        fashionMnistAdvice,
    );
  }
  return ok(`${inWords(await readFashionMnist(folder))}; without them the sample would be used`);
}

function inWords({ train, test, source }: Dataset): string {
  const [trainCount, testCount] = [train, test].map(({ count }) => count.toLocaleString('en'));
  return `${trainCount} training and ${testCount} test images, ${source}`;
}
