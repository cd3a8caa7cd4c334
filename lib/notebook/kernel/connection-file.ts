import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionInfo } from './wire';

/** A connection file on disk, readable by its owner alone. */
export interface ConnectionFile {
  path: string;
  info: ConnectionInfo;
  remove(): void;
}

/** Writes a connection file with free ports on the loopback interface and a random key. */
export async function createConnectionFile(): Promise<ConnectionFile> {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  const info: ConnectionInfo = {
    transport: 'tcp',
    ip: '127.0.0.1',
    shell_port,
    iopub_port,
    stdin_port,
    control_port,
    hb_port,
    key: randomBytes(32).toString('hex'),
    signature_scheme: 'hmac-sha256',
  };
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-kernel-'));
  const path = join(folder, 'connection.json');
  writeFileSync(path, JSON.stringify(info), { mode: 0o600 });
  return { path, info, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Ports that were free a moment ago, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen()));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
