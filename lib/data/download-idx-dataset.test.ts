import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DownloadOptions } from './download';
import { downloadIdxDataset } from './download-idx-dataset';
import {
  cutAfter,
  deadAddress,
  files,
  serve,
  type FileServer,
  type Handler,
} from './file-server.test-support';
import { encodeIdx } from './idx';
import { hasIdxDataset, type IdxChecksums, idxFileNames, readIdxDataset } from './idx-dataset';
import { seededRandom } from './random';

const random = seededRandom(1);
const bytes = (count: number, limit: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => random() * limit);

/** A dataset of 50 training and 20 test images. */
const plain = {
  'train-images-idx3-ubyte': encodeIdx({ shape: [50, 28, 28], data: bytes(39200, 256) }),
  'train-labels-idx1-ubyte': encodeIdx({ shape: [50], data: bytes(50, 10) }),
  't10k-images-idx3-ubyte': encodeIdx({ shape: [20, 28, 28], data: bytes(15680, 256) }),
  't10k-labels-idx1-ubyte': encodeIdx({ shape: [20], data: bytes(20, 10) }),
};
const checksums = mapped((content) =>
  createHash('sha256').update(content).digest('hex'),
) as IdxChecksums;
const [firstName, secondName] = idxFileNames;
const allNames = idxFileNames.map((name) => `${name}.gz`).sort();

function mapped<T>(change: (content: Uint8Array) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(plain).map(([name, content]) => [name, change(content)]),
  );
}

/** Serves the four files, some of them replaced. */
function mirror(replaced: Record<string, Uint8Array> = {}): Handler {
  const compressed = { ...mapped((content) => gzipSync(content)), ...replaced };
  return files(
    Object.fromEntries(Object.entries(compressed).map(([name, file]) => [`/${name}.gz`, file])),
  );
}

let folder: string;
let servers: FileServer[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-mirror-'));
  servers = [];
});
afterEach(() => {
  servers.forEach((server) => server.close());
  rmSync(folder, { recursive: true });
});

async function downloadFrom(handlers: Handler[], options?: DownloadOptions): Promise<FileServer[]> {
  const opened = await Promise.all(handlers.map(serve));
  servers.push(...opened);
  const addresses = opened.map(({ address }) => address);
  await downloadIdxDataset(folder, checksums, addresses, options);
  return opened;
}

async function expectAll(): Promise<void> {
  expect(readdirSync(folder).sort()).toEqual(allNames);
  const { train, test } = await readIdxDataset(folder, checksums);
  expect([train.count, test.count]).toEqual([50, 20]);
}

describe('downloadIdxDataset', () => {
  it('gets the four files, and leaves nothing else', async () => {
    await downloadFrom([mirror()]);
    await expectAll();
  });

  it('keeps what is there, and replaces what is damaged, compressed or not', async () => {
    writeFileSync(join(folder, firstName), plain[firstName]);
    writeFileSync(join(folder, secondName), 'damaged');
    writeFileSync(join(folder, `${idxFileNames[2]}.gz`), gzipSync('damaged').subarray(0, 9));
    const [{ requests }] = await downloadFrom([mirror()]);
    expect(requests.map(({ path }) => path)).toEqual(
      idxFileNames.slice(1).map((name) => `/${name}.gz`),
    );
    const { train } = await readIdxDataset(folder, checksums);
    expect(train.count).toBe(50);
    expect(existsSync(join(folder, secondName))).toBe(false);
  });

  it.each<[string, Handler]>([
    ['is cut off', ({ socket }) => socket.destroy()],
    ['has other files', mirror({ [firstName]: gzipSync(plain[secondName]) })],
    ['has no files', files({})],
    ['answers with a page of its own', (_, response) => response.end('<html>Log in</html>')],
    ['sends too little', mirror({ [firstName]: gzipSync(plain[firstName]).subarray(0, 999) })],
    [
      'sends too much',
      mirror({ [firstName]: gzipSync(Buffer.concat([plain[firstName], Buffer.alloc(9)])) }),
    ],
    ['sends nothing', mirror({ [firstName]: new Uint8Array(0) })],
    ['never answers', () => undefined],
  ])('goes on to the next mirror when one %s', async (_, handler) => {
    const [, { requests }] = await downloadFrom([handler, mirror()], { answerWithin: 200 });
    expect(requests).toHaveLength(4);
    await expectAll();
  });

  it('deletes what is corrupt, so that nothing can be taken for data', async () => {
    const corrupt = gzipSync(plain[firstName]);
    corrupt[5000] ^= 1;
    const corrupted = mirror({ [firstName]: corrupt });
    await expect(downloadFrom([corrupted, corrupted])).rejects.toThrow(
      /^127\.0\.0\.1:\d+: what it sends as train-images-idx3-ubyte\.gz \(\d+ bytes\) is not the original file; 127\.0\.0\.1:\d+: what/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes up at the second mirror what the first was cut off in', async () => {
    let answered = false;
    const brief: Handler = (request, response) => {
      if (answered) return void request.socket.destroy();
      answered = true;
      cutAfter(10_000, mirror())(request, response);
    };
    const [, { requests }] = await downloadFrom([brief, mirror()]);
    expect(requests[0]).toEqual({ path: `/${firstName}.gz`, range: 'bytes=10000-' });
    await expectAll();
  });

  it('takes up what an earlier process left, unless that was wrong', async () => {
    const part = join(folder, `${firstName}.gz.part`);
    writeFileSync(part, gzipSync(plain[firstName]).subarray(0, 20_000));
    const [{ requests }] = await downloadFrom([mirror()]);
    expect(requests[0].range).toBe('bytes=20000-');
    await expectAll();
    rmSync(join(folder, `${firstName}.gz`));
    writeFileSync(part, Buffer.alloc(20_000));
    await expect(downloadFrom([mirror()])).rejects.toThrow('is not the original file');
    await downloadFrom([mirror()]);
    await expectAll();
  });

  it('keeps the part of a file that was cut off, which is no dataset', async () => {
    let answered = false;
    const brief: Handler = (request, response) => {
      if (answered) return void request.socket.destroy();
      answered = true;
      cutAfter(10_000, mirror())(request, response);
    };
    await expect(downloadFrom([brief])).rejects.toThrow('the connection was cut');
    expect(readdirSync(folder)).toEqual([`${firstName}.gz.part`]);
    expect(hasIdxDataset(folder)).toBe(false);
  });

  it('says what is wrong with each mirror', async () => {
    const [server] = [await serve(files({}))];
    servers.push(server);
    const dead = await deadAddress();
    await expect(downloadIdxDataset(folder, checksums, [dead, server.address])).rejects.toThrow(
      `${new URL(dead).host}: it refuses the connection; ${new URL(server.address).host}: answers 404`,
    );
  });

  it('downloads once when it is asked twice at a time', async () => {
    const server = await serve(mirror());
    servers.push(server);
    const one = (): Promise<void> => downloadIdxDataset(folder, checksums, [server.address]);
    await Promise.all([one(), one(), one()]);
    expect(server.requests).toHaveLength(4);
    await expectAll();
  });

  it('stops at all mirrors when its signal is aborted', async () => {
    const controller = new AbortController();
    const stop: Handler = () => controller.abort(new Error('enough'));
    const attempt = downloadFrom([stop, mirror()], { signal: controller.signal });
    await expect(attempt).rejects.toThrow('enough');
    expect(servers[1].requests).toEqual([]);
  });
});
