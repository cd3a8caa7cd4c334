import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstImages, type ImageSet } from './dataset';
import { fashionMnistFolders, readFashionMnist } from './fashion-mnist';
import {
  drawFashionMnistSample,
  fashionMnistSampleFolder,
  readFashionMnistSample,
  writeFashionMnistSample,
} from './fashion-mnist-sample';
import { hasIdxDataset, idxFileNames, readOriginal } from './idx-dataset';
import { fashionMnistFiles } from './peers.test-support';
import { isMissing } from './require-peer';

/** The images with their labels, as texts. */
function texts({ images, labels, count }: ImageSet): string[] {
  const buffer = Buffer.from(images.buffer, images.byteOffset, images.length);
  const text = (i: number): string => buffer.toString('latin1', i * 784, (i + 1) * 784);
  return Array.from({ length: count }, (_, i) => `${labels[i]} ${text(i)}`);
}

function classCounts({ labels }: ImageSet): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}

describe('the sample of Fashion-MNIST', () => {
  it('is intact, and has every class equally often, mixed', async () => {
    const { name, train, test, isSample, classNames, digest } = await readFashionMnistSample();
    expect([name, isSample, classNames.length]).toEqual(['fashion-mnist', true, 10]);
    expect(classCounts(train)).toEqual(new Array(10).fill(1000));
    expect(classCounts(test)).toEqual(new Array(10).fill(200));
    expect([train.height, train.width]).toEqual([28, 28]);
    for (const count of classCounts(firstImages(train, 1000))) expect(count).toBeGreaterThan(60);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes at most 6 MB, with its licence and where it comes from', () => {
    const folder = fashionMnistSampleFolder();
    const names = readdirSync(folder);
    expect(names.sort()).toEqual(
      [...idxFileNames.map((name) => `${name}.gz`), 'LICENSE', 'README.md'].sort(),
    );
    const size = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(size).toBeLessThan(6e6);
  });

  describe.skipIf(isMissing(fashionMnistFiles))('beside the whole', () => {
    const whole = (): ReturnType<typeof readFashionMnist> =>
      readFashionMnist(fashionMnistFolders().find(hasIdxDataset) ?? '');

    it('holds images of the whole, each once, with their labels and in their order', async () => {
      const [all, sample] = [await whole(), await readFashionMnistSample()];
      expect(sample.digest).not.toBe(all.digest);
      for (const part of ['train', 'test'] as const) {
        const wanted = texts(sample[part]);
        let found = 0;
        for (const text of texts(all[part])) if (text === wanted[found]) found++;
        expect(found).toBe(wanted.length);
      }
    });

    it('is what is drawn from it again', async () => {
      const [drawn, sample] = [
        drawFashionMnistSample(await whole()),
        await readFashionMnistSample(),
      ];
      for (const part of ['train', 'test'] as const) {
        expect(Buffer.compare(drawn[part].images, sample[part].images)).toBe(0);
        expect(Buffer.compare(drawn[part].labels, sample[part].labels)).toBe(0);
      }
    });
  });
});

describe('writeFashionMnistSample', () => {
  it('writes files that are read back as they were', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tripletlab-sample-'));
    try {
      const { train, test } = await readFashionMnistSample();
      const few = { train: firstImages(train, 30), test: firstImages(test, 20) };
      writeFashionMnistSample(few, folder);
      expect(readdirSync(folder).sort()).toEqual(idxFileNames.map((name) => `${name}.gz`).sort());
      await expect(readOriginal(join(folder, `${idxFileNames[0]}.gz`), '')).rejects.toThrow(
        `(${16 + 30 * 784} bytes)`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
