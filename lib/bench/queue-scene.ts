import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts } from '../data/free-ports';
import { projectPath } from '../data/project';

/** A Redis of its own, workers on it, and folders: everything that a measurement of the queue needs. */
export interface QueueScene {
  url: string;
  /** A folder that does not exist yet. */
  folder(): string;
  /** Starts a worker for one training at a time. */
  startWorker(): Promise<void>;
  /** Ends all, and deletes the folders. */
  close(): Promise<void>;
}

/** Why the queue cannot be measured here; undefined where it can. */
export function queueProblem(): string | undefined {
  return spawnSync('redis-server', ['--version']).error?.message;
}

/** Starts a Redis on a port of this machine that is free, without persistence. */
export async function queueScene(): Promise<QueueScene> {
  const base = mkdtempSync(join(tmpdir(), 'tripletlab-queue-'));
  const ends: (() => Promise<unknown>)[] = [];
  const [port] = await freePorts(1);
  let folders = 0;
  const folder = (): string => join(base, String(folders++));

  /** Starts a program, and resolves when it says that it is ready. */
  async function start(program: string, args: string[], isReady: RegExp): Promise<void> {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    ends.unshift(async () => {
      child.kill();
      await ended;
    });
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => {
        if (isReady.test(line)) resolve();
      });
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`${program} ended before it was ready`)));
    });
  }

  const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', base];
  await start('redis-server', [...where, '--save', ''], /Ready to accept connections/);
  const url = `redis://127.0.0.1:${port}`;
  return {
    url,
    folder,
    startWorker() {
      const own = folder();
      mkdirSync(own);
      const command = [projectPath('lib', 'bin', 'tripletlab.cjs'), 'worker', '--redis', url];
      const options = ['--concurrency', '1', '--folder', own];
      return start(process.execPath, [...command, ...options], /takes jobs from/);
    },
    async close() {
      for (const end of ends) await end();
      rmSync(base, { recursive: true, force: true });
    },
  };
}
