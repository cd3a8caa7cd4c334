import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { ImageSet } from './dataset';
import { fashionMnistFolders } from './fashion-mnist';
import { hasIdxDataset, idxFileNames, imageSet, readIdxDataset } from './idx-dataset';
import { type DatasetName, loadDataset } from './load-dataset';
import { fashionMnistFiles } from './peers.test-support';
import { isMissing } from './require-peer';

const temporary = mkdtempSync(join(tmpdir(), 'tripletlab-'));
afterAll(() => rmSync(temporary, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

function classCounts({ labels }: ImageSet): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}

function meanPixel({ images }: ImageSet): number {
  return images.reduce((sum, pixel) => sum + pixel, 0) / images.length / 255;
}

describe('loadDataset', () => {
  it('loads MNIST with its published sizes, class counts and mean', async () => {
    const { name, train, test, isSample, digest, classNames } = await loadDataset('mnist');
    expect([name, train.count, train.height, train.width, test.count]).toEqual([
      'mnist',
      60000,
      28,
      28,
      10000,
    ]);
    expect(classCounts(train)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(classCounts(test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(meanPixel(train)).toBeCloseTo(0.1307, 4);
    expect(isSample).toBe(false);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(classNames).toHaveLength(10);
  });

  it('takes the first images up to a limit', async () => {
    const all = await loadDataset('mnist');
    const few = await loadDataset('mnist', { trainLimit: 100, testLimit: 1e9 });
    expect(few.train.count).toBe(100);
    expect(few.train.images).toEqual(all.train.images.subarray(0, 78400));
    expect(few.train.labels).toHaveLength(100);
    expect(few.test.count).toBe(10000);
    expect(few.digest).toBe(all.digest);
  });

  it('reads the files only once', async () => {
    const [a, b] = await Promise.all([loadDataset('mnist'), loadDataset('mnist')]);
    expect(a.train.images.buffer).toBe(b.train.images.buffer);
  });

  it.each([0, -1, 1.5, NaN])('refuses the limit %d', async (testLimit) => {
    await expect(loadDataset('mnist', { testLimit })).rejects.toThrow(
      `loadDataset: testLimit must be a whole number > 0, got ${testLimit}`,
    );
  });

  it('refuses an unknown name', async () => {
    await expect(loadDataset('cifar' as DatasetName)).rejects.toThrow(
      "loadDataset: name must be 'mnist' or 'fashion-mnist', got 'cifar'",
    );
  });

  describe.skipIf(isMissing(fashionMnistFiles))('with the files of Fashion-MNIST', () => {
    it('loads them with their published sizes, class counts and mean', async () => {
      const { train, test, digest } = await loadDataset('fashion-mnist');
      expect(classCounts(train)).toEqual(new Array(10).fill(6000));
      expect(classCounts(test)).toEqual(new Array(10).fill(1000));
      expect([...train.labels.subarray(0, 5)]).toEqual([9, 0, 0, 3, 0]);
      expect(meanPixel(train)).toBeCloseTo(0.286, 3);
      expect(digest).not.toBe((await loadDataset('mnist')).digest);
    });

    it('takes the folder named first', async () => {
      const folder = join(temporary, 'copy');
      cpSync(fashionMnistFolders().find(hasIdxDataset)!, folder, { recursive: true });
      const { source } = await loadDataset('fashion-mnist', { folder, testLimit: 10 });
      expect(source).toContain(folder);
    });

    it('takes the folder that the environment names, after the option', async () => {
      const folder = join(temporary, 'named');
      cpSync(fashionMnistFolders().find(hasIdxDataset)!, folder, { recursive: true });
      vi.stubEnv('TRIPLETLAB_FASHION_MNIST', folder);
      const { source } = await loadDataset('fashion-mnist', { folder: '/nowhere' });
      expect(source).toContain(folder);
    });
  });
});

describe('readIdxDataset', () => {
  const anyChecksums = Object.fromEntries(idxFileNames.map((name) => [name, '0'.repeat(64)]));
  const checksums = anyChecksums as Parameters<typeof readIdxDataset>[1];

  it('refuses a file with another checksum', async () => {
    const folder = mkdtempSync(join(temporary, 'wrong-'));
    for (const name of idxFileNames) writeFileSync(join(folder, name), 'abc');
    await expect(readIdxDataset(folder, checksums)).rejects.toThrow(
      /is not the original file: its SHA-256 must be 0{64}, got ba7816bf\w+ \(3 bytes\)/,
    );
  });

  it('names a compressed file that is damaged', async () => {
    const folder = mkdtempSync(join(temporary, 'damaged-'));
    for (const name of idxFileNames) {
      writeFileSync(join(folder, `${name}.gz`), gzipSync('abcdef').subarray(0, 12));
    }
    await expect(readIdxDataset(folder, checksums)).rejects.toThrow(/\.gz cannot be decompressed/);
  });

  it('names a file that is missing', async () => {
    await expect(readIdxDataset(temporary, checksums)).rejects.toThrow(
      'must hold train-images-idx3-ubyte or train-images-idx3-ubyte.gz, found neither',
    );
  });
});

describe('imageSet', () => {
  const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6]);
  const labels = (...values: number[]): Uint8Array =>
    Uint8Array.from([0, 0, 8, 1, 0, 0, 0, values.length, ...values]);

  it('joins images and labels', () => {
    expect(imageSet(images, labels(3, 9), 'two')).toMatchObject({ count: 2, height: 1, width: 1 });
  });

  it('refuses what does not fit together', () => {
    expect(() => imageSet(images, labels(3, 9, 1), 'two')).toThrow('2 images need as many labels');
    expect(() => imageSet(images, labels(3, 10), 'two')).toThrow('label 1 is 10');
    expect(() => imageSet(labels(3, 9), images, 'two')).toThrow('got 1 and 3');
  });
});
