import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fashionMnistFolders } from '../../data/fashion-mnist';
import { fashionMnistSampleFolder } from '../../data/fashion-mnist-sample';
import { hasIdxDataset } from '../../data/idx-dataset';
import { fashionMnistFiles } from '../../data/peers.test-support';
import { isMissing } from '../../data/require-peer';
import { answer, type MachineCheck } from './check';
import { datasetQuestions } from './datasets';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-datasets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function fashionMnist(folders: string[]): Promise<MachineCheck> {
  return answer(datasetQuestions(folders)[1]);
}

describe('Fashion-MNIST', () => {
  it('is optional, and it is said what is used without it and how to get it', async () => {
    const { mark, detail } = await fashionMnist([folder, '/nowhere']);
    expect(mark).toBe('optional');
    expect(detail).toMatch(
      /^not here: .* takes the sample; to get it, run 'tripletlab data download'/,
    );
  });

  it('is missing when the files found are others', async () => {
    cpSync(fashionMnistSampleFolder(), folder, { recursive: true });
    const { mark, detail } = await fashionMnist([folder]);
    expect(mark).toBe('missing');
    expect(detail).toContain('is not the original file');
    writeFileSync(join(folder, 'train-images-idx3-ubyte'), '');
    expect((await fashionMnist([folder])).mark).toBe('missing');
  });

  it.skipIf(isMissing(fashionMnistFiles))('is in the folder that is used', async () => {
    const whole = fashionMnistFolders().find(hasIdxDataset) ?? '';
    const { mark, detail } = await fashionMnist([folder, whole]);
    expect(mark).toBe('ok');
    expect(detail).toBe(
      `60,000 training and 10,000 test images, ${whole}: the four original files, checked by ` +
        'SHA-256; without them the sample would be used',
    );
  });
});
