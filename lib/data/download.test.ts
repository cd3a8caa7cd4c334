import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download, type DownloadOptions } from './download';
import {
  cutAfter,
  deadAddress,
  files,
  serve,
  type FileServer,
  type Handler,
} from './file-server.test-support';
import type { Progress } from './progress';
import { seededRandom } from './random';

const random = seededRandom(1);
const content = Uint8Array.from({ length: 300_000 }, () => random() * 256);
const whole = files({ '/file': content });

let folder: string;
let path: string;
let servers: FileServer[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-download-'));
  path = join(folder, 'file.part');
  servers = [];
});
afterEach(() => {
  servers.forEach((server) => server.close());
  rmSync(folder, { recursive: true });
});

async function served(handler: Handler): Promise<FileServer> {
  const server = await serve(handler);
  servers.push(server);
  return server;
}

/** Downloads from a server of this kind; says what it was asked. */
async function downloadFrom(handler: Handler, options?: DownloadOptions): Promise<FileServer> {
  const server = await served(handler);
  await download(`${server.address}/file`, path, options);
  return server;
}

function expectWhole(): void {
  expect(Buffer.compare(readFileSync(path), content)).toBe(0);
}

describe('download', () => {
  it('gets a file, and says how far it is', async () => {
    const heard: Progress[] = [];
    await downloadFrom(whole, { onProgress: (progress) => heard.push(progress) });
    expectWhole();
    expect(heard.at(-1)).toEqual({ label: 'file', done: 300, total: 300, unit: 'kilobyte' });
    expect(heard.every(({ done }, i) => i === 0 || done >= heard[i - 1].done)).toBe(true);
  });

  it('asks only for what is not there yet', async () => {
    writeFileSync(path, content.subarray(0, 100_001));
    const { requests } = await downloadFrom(whole);
    expectWhole();
    expect(requests).toEqual([{ path: '/file', range: 'bytes=100001-' }]);
  });

  it('leaves a file that is whole as it is', async () => {
    writeFileSync(path, content);
    await downloadFrom(whole);
    expectWhole();
  });

  it('begins anew where the server knows no ranges', async () => {
    writeFileSync(path, 'something of another file');
    await downloadFrom((_, response) => response.end(content));
    expectWhole();
  });

  it('takes up a connection that is cut, again and again', async () => {
    const { requests } = await downloadFrom(cutAfter(70_000, whole));
    expectWhole();
    expect(requests.map(({ range }) => range)).toEqual([
      undefined,
      'bytes=70000-',
      'bytes=140000-',
      'bytes=210000-',
      'bytes=280000-',
    ]);
  });

  it('keeps what came before the connection was cut for good', async () => {
    let answers = 0;
    const onceOnly: Handler = (request, response) =>
      answers++ === 0 ? cutAfter(70_000, whole)(request, response) : request.socket.destroy();
    await expect(downloadFrom(onceOnly)).rejects.toThrow('the connection was cut');
    expect(Buffer.compare(readFileSync(path), content.subarray(0, 70_000))).toBe(0);
    await downloadFrom(whole);
    expectWhole();
  });

  it('knows no length beforehand when the server tells none', async () => {
    const totals = new Set<number>();
    await downloadFrom((_, response) => void (response.write(content), response.end()), {
      onProgress: ({ done, total }) => totals.add(total === done ? -1 : total),
    });
    expectWhole();
    expect([...totals]).toEqual([0, -1]);
  });

  it('stops at the limit, however much is sent', async () => {
    const endless: Handler = (_, response) => {
      const more = (): void => void (response.write(content) ? setImmediate(more) : 0);
      response.on('drain', more);
      more();
    };
    await downloadFrom(endless, { limit: 1_000_000 });
    expect(readFileSync(path).length).toBeLessThanOrEqual(1_000_000);
  });

  it.each<[string, Handler, string]>([
    ['404', (_, response) => response.writeHead(404).end('no'), 'answers 404'],
    ['500', (_, response) => response.writeHead(500).end('no'), 'answers 500'],
    ['301', (_, response) => response.writeHead(301, { location: '/' }).end(), 'answers 301'],
    ['nothing', () => undefined, 'no answer within 0.2 s'],
    ['noise', ({ socket }) => socket.end('noise\n'), 'Parse Error'],
    ['a closed connection', ({ socket }) => socket.destroy(), 'the connection was cut'],
  ])('fails at %s and writes nothing', async (_, handler, message) => {
    await expect(downloadFrom(handler, { answerWithin: 200 })).rejects.toThrow(message);
    expect(existsSync(path)).toBe(false);
  });

  it('fails where nobody listens', async () => {
    const url = `${await deadAddress()}/file`;
    await expect(download(url, path)).rejects.toThrow('it refuses the connection');
    await expect(download('http://no-such-host.invalid/file', path)).rejects.toThrow();
  });

  it('fails when the server goes silent, and keeps what came', async () => {
    const silent: Handler = (request, response) => {
      if (request.headers.range !== undefined) return;
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 5000));
    };
    const options = { answerWithin: 400, stallAfter: 200 };
    await expect(downloadFrom(silent, options)).rejects.toThrow('no answer within 0.4 s');
    expect(Buffer.compare(readFileSync(path), content.subarray(0, 5000))).toBe(0);
    writeFileSync(path, '');
    const stalled: Handler = (_, response) => void response.writeHead(200).flushHeaders();
    await expect(downloadFrom(stalled, options)).rejects.toThrow('nothing more within 0.2 s');
  });

  it('refuses another range than the one it asked for', async () => {
    writeFileSync(path, content.subarray(0, 1000));
    const other: Handler = (_, response) =>
      response.writeHead(206, { 'content-range': 'bytes 7-9/10' }).end('abc');
    await expect(downloadFrom(other)).rejects.toThrow("sends the range 'bytes 7-9/10', asked from");
    expect(readFileSync(path).length).toBe(1000);
  });

  it('stops when its signal is aborted, with the reason', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const slow: Handler = (_, response) => void response.write(content.subarray(0, 5000));
    const stop = (): void => controller.abort(new Error('enough'));
    await expect(downloadFrom(slow, { signal, onProgress: stop })).rejects.toThrow('enough');
    await expect(downloadFrom(whole, { signal })).rejects.toThrow('enough');
  });
});
