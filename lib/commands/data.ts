import { parseArgs } from 'node:util';
import { downloadIdxDataset } from '../data/download-idx-dataset';
import {
  fashionMnistChecksums,
  fashionMnistDownloadFolder,
  fashionMnistFolders,
  readFashionMnist,
} from '../data/fashion-mnist';
import {
  drawFashionMnistSample,
  fashionMnistSampleFolder,
  writeFashionMnistSample,
} from '../data/fashion-mnist-sample';
import { hasIdxDataset } from '../data/idx-dataset';
import {
  fashionMnistAdvice,
  fashionMnistByHand,
  fashionMnistMirrors,
} from '../data/load-fashion-mnist';
import { progressBar } from '../notebook/progress-bar';
import { abortOnInterrupt, parsed, UsageError, type Command } from './command';
import { answer, lineOf } from './doctor/check';
import { datasetQuestions } from './doctor/datasets';

const HELP = `tripletlab data [download | sample]

Says of each dataset where it is and how many images it has; every file is checked against its
SHA-256. The exit status is 1 when a file is damaged or MNIST is missing.

  download  get Fashion-MNIST (31 MB) into data/fashion-mnist; a download that was cut off goes on
            where it ended, and what is there and intact is kept
  sample    draw the sample of Fashion-MNIST anew into data/fashion-mnist-sample, from the whole

Fashion-MNIST is taken from the first of these that has it: the folder that the environment variable
TRIPLETLAB_FASHION_MNIST names, data/fashion-mnist, Debian's package dataset-fashion-mnist, a
download (unless TRIPLETLAB_OFFLINE is 1), the sample.

Examples
  tripletlab data
  tripletlab data download`;

const ACTIONS: Record<string, () => Promise<number>> = { list, download, sample };

/** Says where the datasets are, and gets them. */
export const data: Command = {
  help: HELP,
  async run(args) {
    const { positionals } = parsed(() => parseArgs({ args, allowPositionals: true }));
    const [action = 'list', ...rest] = positionals;
    if (!Object.hasOwn(ACTIONS, action) || rest.length > 0) {
      throw new UsageError(`data takes 'download', 'sample' or nothing, got '${args.join(' ')}'`);
    }
    return ACTIONS[action]();
  },
};

async function list(): Promise<number> {
  const checks = await Promise.all(datasetQuestions().map(answer));
  console.log(checks.map(lineOf).join('\n'));
  return checks.some(({ mark }) => mark === 'missing') ? 1 : 0;
}

async function download(): Promise<number> {
  const folder = fashionMnistDownloadFolder();
  const onProgress = progressBar();
  try {
    await downloadIdxDataset(folder, fashionMnistChecksums, fashionMnistMirrors, {
      signal: abortOnInterrupt(),
      onProgress,
    });
  } catch (error) {
    throw new Error(
      `Fashion-MNIST was not downloaded: ${(error as Error).message}; what came of it is kept ` +
        `for the next attempt; or else ${fashionMnistByHand}`,
      { cause: error },
    );
  } finally {
    onProgress.finish();
  }
  console.log((await readFashionMnist(folder)).source);
  return 0;
}

async function sample(): Promise<number> {
  const folder = fashionMnistFolders().find(hasIdxDataset);
  if (folder === undefined) {
    throw new Error(
      `the sample is drawn from all of Fashion-MNIST, which is not here: ${fashionMnistAdvice}`,
    );
  }
  writeFashionMnistSample(drawFashionMnistSample(await readFashionMnist(folder)));
  console.log(`Sample: ${fashionMnistSampleFolder()}`);
  return 0;
}
