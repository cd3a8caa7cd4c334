import { fashionMnistFolders } from './fashion-mnist';
import { hasIdxDataset } from './idx-dataset';
import type { Peer } from './require-peer';

/** All of Fashion-MNIST. */
export const fashionMnistFiles: Peer = {
  name: 'Fashion-MNIST',
  problem: () =>
    fashionMnistFolders().some(hasIdxDataset)
      ? undefined
      : "'tripletlab data download' or 'apt install dataset-fashion-mnist'",
};
