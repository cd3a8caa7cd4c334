import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../data/free-ports';
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
