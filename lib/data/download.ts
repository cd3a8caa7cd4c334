import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { basename } from 'node:path';
import type { OnProgress } from './progress';

/** Options of `download`. */
export interface DownloadOptions {
  /** Milliseconds that the server has to answer. Default: 3000. */
  answerWithin?: number;
  /** Milliseconds that may pass without a byte once it has answered. Default: 20,000. */
  stallAfter?: number;
  /** No more bytes than these are kept. Default: 64 MiB. */
  limit?: number;
  /** Stops the download; what came stays, to be continued. */
  signal?: AbortSignal;
  /** Hears of every piece, in kilobytes. */
  onProgress?: OnProgress;
}

/**
 * Downloads what `url` holds to the file `path`. What is there already is taken for its beginning,
 * and only the rest is asked for (an HTTP range request); a server that knows no ranges sends all
 * anew. A connection that is cut is taken up again as long as each attempt brings bytes.
 *
 * Nothing is checked here: the bytes must be compared with a checksum before they are used.
 *
 * @throws Error with the reason, when the server does not answer in time, answers with an error, or
 *   goes silent; the reason of `signal` when that is aborted
 */
export async function download(
  url: string,
  path: string,
  options: DownloadOptions = {},
): Promise<void> {
  for (;;) {
    const before = sizeOf(path);
    try {
      return await attempt(url, path, before, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (sizeOf(path) <= before) throw new Error(reasonOf(error), { cause: error });
    }
  }
}

async function attempt(
  url: string,
  path: string,
  have: number,
  options: DownloadOptions,
): Promise<void> {
  const response = await request(url, have, options);
  const { statusCode = 0, headers } = response;
  try {
    // Nothing follows what is there.
    if (have > 0 && statusCode === 416) return;
    if (statusCode !== 200 && statusCode !== 206) throw new Error(`answers ${statusCode}`);
    const from = statusCode === 206 ? have : 0;
    if (from > 0 && !headers['content-range']?.startsWith(`bytes ${from}-`)) {
      throw new Error(`sends the range '${headers['content-range']}', asked from byte ${from}`);
    }
    await append(response, path, from, options);
  } finally {
    response.destroy();
  }
}

/** Asks for the bytes from `have` on, as they are: not compressed on the way. */
async function request(
  url: string,
  have: number,
  { answerWithin = 3000, stallAfter = 20_000, signal }: DownloadOptions,
): Promise<IncomingMessage> {
  const { get } = url.startsWith('https:') ? https : http;
  const sent = get(url, {
    headers: { 'accept-encoding': 'identity', ...(have > 0 && { range: `bytes=${have}-` }) },
    timeout: answerWithin,
    signal,
  });
  const unanswered = (): void => void sent.destroy(silence('no answer', answerWithin));
  sent.once('timeout', unanswered);
  // Once there is a response its reader hears of errors; unheard here, they would end the process.
  sent.on('error', () => undefined);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  sent.off('timeout', unanswered);
  sent.setTimeout(stallAfter, () => response.destroy(silence('nothing more', stallAfter)));
  return response;
}

function silence(what: string, milliseconds: number): Error {
  return new Error(`${what} within ${milliseconds / 1000} s`);
}

async function append(
  response: IncomingMessage,
  path: string,
  from: number,
  { limit = 2 ** 26, onProgress }: DownloadOptions,
): Promise<void> {
  const length = response.headers['content-length'];
  const total = length === undefined ? 0 : from + Number(length);
  const report = (done: number, of: number): void =>
    onProgress?.({
      label: basename(path, '.part'),
      done: Math.ceil(done / 1000),
      total: Math.ceil(of / 1000),
      unit: 'kilobyte',
    });
  const file = await open(path, from > 0 ? 'a' : 'w');
  try {
    let done = from;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (done + chunk.length > limit) break;
      await file.appendFile(chunk);
      done += chunk.length;
      report(done, total);
    }
    report(done, done);
    await file.sync();
  } finally {
    await file.close();
  }
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'it refuses the connection',
  ECONNRESET: 'the connection was cut',
  EAI_AGAIN: 'its name cannot be looked up',
  ENOTFOUND: 'its name is not known here',
};

/** The words of an error; some that come from the network have only a code. */
function reasonOf(error: unknown): string {
  const { message, code = '' } = error as { message?: string; code?: string };
  return reasons[code] ?? (message || code);
}
