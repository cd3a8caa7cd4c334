import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of this machine, for tests. */
export interface FileServer {
  address: string;
  /** What it was asked so far: path and range. */
  requests: { path: string; range?: string }[];
  close(): void;
}

/** Serves on a free port. */
export async function serve(handler: Handler): Promise<FileServer> {
  const requests: FileServer['requests'] = [];
  const server: Server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', range: request.headers.range });
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** An address at which nobody listens. */
export async function deadAddress(): Promise<string> {
  const { address, close } = await serve(() => undefined);
  close();
  return address;
}

/** Serves these files as servers of files do: whole, or from a byte on when that is asked for. */
export function files(contents: Record<string, Uint8Array>): Handler {
  return (request, response) => {
    const content = contents[request.url ?? ''];
    if (content === undefined) return void response.writeHead(404).end('no such file');
    const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    if (!asked)
      return void response.writeHead(200, { 'content-length': content.length }).end(content);
    const from = Number(asked[1]);
    if (from >= content.length) return void response.writeHead(416).end();
    const range = `bytes ${from}-${content.length - 1}/${content.length}`;
    const length = content.length - from;
    response.writeHead(206, { 'content-range': range, 'content-length': length });
    response.end(content.subarray(from));
  };
}

/** Serves as `handler` does, but lets at most `bytes` of each answer through and cuts it there. */
export function cutAfter(bytes: number, handler: Handler): Handler {
  return (request, response) => {
    const end = response.end.bind(response);
    response.end = ((content?: Uint8Array) => {
      if (!(content instanceof Uint8Array) || content.length <= bytes) return end(content);
      response.write(content.subarray(0, bytes), () => setTimeout(() => response.destroy(), 20));
      return response;
    }) as typeof response.end;
    handler(request, response);
  };
}
