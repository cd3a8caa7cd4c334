import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fashionMnistFolders } from './fashion-mnist';
import { deadAddress, files, serve } from './file-server.test-support';
import { findIdxFile, hasIdxDataset, idxFileNames } from './idx-dataset';
import { fashionMnistSources, loadFashionMnist } from './load-fashion-mnist';
import { fashionMnistFiles } from './peers.test-support';
import { isMissing } from './require-peer';

let folder: string;
let downloadFolder: string;
let sentences: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-fashion-'));
  downloadFolder = join(folder, 'downloaded');
  sentences = [];
  vi.spyOn(console, 'warn').mockImplementation((sentence) => void sentences.push(sentence));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('loadFashionMnist without the whole', () => {
  it('takes the sample when no mirror answers, and says once why and what to do', async () => {
    const mirrors = [await deadAddress(), await deadAddress()];
    const sources = { folders: [folder, '/nowhere'], mirrors, downloadFolder };
    const [sample] = await Promise.all([loadFashionMnist(sources), loadFashionMnist(sources)]);
    await loadFashionMnist(sources);
    expect(sample).toMatchObject({
      isSample: true,
      train: { count: 10000 },
      test: { count: 2000 },
    });
    expect(sample.source).toContain('a sample of 10,000 of the 60,000 training and 2,000 of the');
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toBe(
      'Fashion-MNIST: a sample of 10000 training and 2000 test images is used, for the whole is in ' +
        `none of ${folder}, /nowhere, and its download failed (${new URL(mirrors[0]).host}: it ` +
        `refuses the connection; ${new URL(mirrors[1]).host}: it refuses the connection); to get ` +
        `it, run 'tripletlab data download', or 'apt install dataset-fashion-mnist' (Debian, ` +
        'Ubuntu), or put the four files of github.com/zalandoresearch/fashion-mnist into ' +
        'data/fashion-mnist.',
    );
  });

  it('asks a mirror that fails no second time', async () => {
    const { address, requests, close } = await serve(files({}));
    const sources = { folders: [], mirrors: [address], downloadFolder };
    for (let i = 0; i < 3; i++) expect((await loadFashionMnist(sources)).isSample).toBe(true);
    close();
    expect(requests).toHaveLength(1);
  });

  it('takes the sample where the folder cannot be written', async () => {
    const sources = { folders: [], mirrors: ['http://127.0.0.1:9'], downloadFolder: '/dev/null/x' };
    expect((await loadFashionMnist(sources)).isSample).toBe(true);
    expect(sentences[0]).toContain('its download failed (ENOTDIR: not a directory');
  });

  it('downloads nothing when TRIPLETLAB_OFFLINE is 1', async () => {
    expect(fashionMnistSources().mirrors).toHaveLength(2);
    vi.stubEnv('TRIPLETLAB_OFFLINE', '1');
    const sources = { ...fashionMnistSources(), folders: [folder], downloadFolder };
    expect(sources.mirrors).toEqual([]);
    expect((await loadFashionMnist(sources)).isSample).toBe(true);
    expect(sentences[0]).toContain('and TRIPLETLAB_OFFLINE=1 forbids a download; to get it, run');
  });

  it('stops when its signal is aborted, and may be asked again', async () => {
    const { address, close } = await serve(() => controller.abort(new Error('enough')));
    const controller = new AbortController();
    const sources = { folders: [], mirrors: [address], downloadFolder };
    await expect(loadFashionMnist(sources, { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    close();
    expect((await loadFashionMnist(sources)).isSample).toBe(true);
  });
});

describe('fashionMnistFolders', () => {
  it('looks in the folder given, the one of the environment, the project, and the system', () => {
    vi.stubEnv('TRIPLETLAB_FASHION_MNIST', '/named');
    const [given, named, project, system] = fashionMnistFolders('/given');
    expect([given, named, system]).toEqual([
      '/given',
      '/named',
      '/usr/share/datasets/fashion-mnist',
    ]);
    expect(project).toMatch(/data.fashion-mnist$/);
    vi.stubEnv('TRIPLETLAB_FASHION_MNIST', '');
    expect(fashionMnistFolders()).toEqual([project, system]);
  });
});

describe.skipIf(isMissing(fashionMnistFiles))('loadFashionMnist with the whole', () => {
  const whole = fashionMnistFolders().find(hasIdxDataset) ?? '';

  it('takes the first folder that has all four files, and asks no mirror', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    symlinkSync(whole, first);
    symlinkSync(whole, second);
    const { address, requests, close } = await serve(files({}));
    const sources = { folders: [folder, first, second], mirrors: [address], downloadFolder };
    const { source, isSample } = await loadFashionMnist(sources);
    close();
    expect([isSample, requests, sentences]).toEqual([false, [], []]);
    expect(source).toContain(first);
  });

  it('downloads it, and finds it there the next time', async () => {
    const contents = idxFileNames.map((name) => {
      const content = readFileSync(findIdxFile(whole, name)!);
      return [`/${name}.gz`, content[0] === 0x1f ? content : gzipSync(content, { level: 1 })];
    });
    const { address, requests, close } = await serve(files(Object.fromEntries(contents)));
    const sources = { folders: [downloadFolder], mirrors: [address], downloadFolder };
    const labels: string[] = [];
    const downloaded = await loadFashionMnist(sources, {
      onProgress: ({ label, done, total }) => done === total && labels.push(label),
    });
    expect(new Set(labels)).toEqual(new Set(idxFileNames.map((name) => `${name}.gz`)));
    expect(downloaded).toMatchObject({ isSample: false, train: { count: 60000 } });
    expect((await loadFashionMnist(sources)).train).toBe(downloaded.train);
    close();
    expect(requests).toHaveLength(4);
    expect(sentences).toEqual([]);
  });

  it('takes the whole once it is put in place, though a download failed before', async () => {
    const later = join(folder, 'later');
    const sources = { folders: [later], mirrors: [await deadAddress()], downloadFolder };
    expect((await loadFashionMnist(sources)).isSample).toBe(true);
    symlinkSync(whole, later);
    expect((await loadFashionMnist(sources)).isSample).toBe(false);
  });
});
