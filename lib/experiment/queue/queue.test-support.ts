import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../data/free-ports';
import { projectPath } from '../../data/project';
import type { Peer } from '../../data/require-peer';
import type { Configuration } from '../configuration';
import { run, type Run } from '../run';

/** A training of less than a second. */
export const BASE: Partial<Configuration> = {
  network: 'fashion',
  dimension: 8,
  batchSize: 16,
  trainLimit: 200,
  testLimit: 60,
  steps: 60,
  logEvery: 20,
  evaluateEvery: 30,
};

/** One that there is time to disturb. */
export const LONG: Partial<Configuration> = { ...BASE, steps: 600, logEvery: 100 };

export const redisServer: Peer = {
  name: 'redis-server',
  problem: () => spawnSync('redis-server', ['--version']).error?.message,
};

/** What has to be ended and deleted when a test is over. */
export class Scene {
  readonly base = mkdtempSync(join(tmpdir(), 'queue-'));
  private readonly ends: (() => unknown)[] = [];
  private folders = 0;

  folder(): string {
    const path = join(this.base, String(this.folders++));
    mkdirSync(path);
    return path;
  }

  atEnd(end: () => unknown): void {
    this.ends.unshift(end);
  }

  /** Ends the newest first. */
  async end(): Promise<void> {
    for (const end of this.ends.splice(0)) await end();
  }

  async close(): Promise<void> {
    await this.end();
    rmSync(this.base, { recursive: true, force: true });
  }
}

export interface RedisServer {
  url: string;
  port: number;
  process(): ChildProcess;
  /** Ends it as if the machine had lost power, or properly. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

/** A Redis of its own on a loopback port of its own. */
export async function startRedis(scene: Scene, options: string[] = []): Promise<RedisServer> {
  const [port] = await freePorts(1);
  const folder = scene.folder();
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    port,
    process: () => child!,
    async stop(signal = 'SIGKILL') {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGCONT');
      child.kill(signal);
      await once(child, 'exit');
    },
    async start() {
      const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
      child = spawn('redis-server', [...where, '--save', '', ...options], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout! });
      await new Promise<void>((resolve, reject) => {
        lines.on('line', (line) => line.includes('Ready to accept connections') && resolve());
        child!.once('exit', () => reject(new Error('redis-server ended')));
      });
    },
  };
  await server.start();
  scene.atEnd(() => server.stop());
  return server;
}

export interface WorkerProcess {
  process: ChildProcess;
  /** What it has printed. */
  lines: string[];
  /** Resolves when it has printed such a line. */
  says(pattern: RegExp): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** `tripletlab worker` with a folder of its own, as on a machine of its own. */
export async function startWorker(
  scene: Scene,
  url: string,
  options: string[] = [],
  { cli = projectPath('lib', 'bin', 'tripletlab.cjs'), env = {} } = {},
): Promise<WorkerProcess> {
  const child = spawn(
    process.execPath,
    [
      cli,
      'worker',
      ...['--concurrency', '1', '--lock', '4', '--folder', scene.folder()],
      ...options,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TRIPLETLAB_REDIS: url, ...env },
    },
  );
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = once(child, 'exit');
  const worker: WorkerProcess = {
    process: child,
    lines,
    async says(pattern) {
      while (!lines.some((line) => pattern.test(line))) {
        if (child.exitCode !== null) throw new Error(`worker ended: ${lines.join('\n')}`);
        await sleep(20);
      }
    },
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
    },
  };
  scene.atEnd(() => worker.kill());
  await worker.says(/takes jobs from/);
  return worker;
}

/** Runs that nobody disturbed, trained in this process. */
export function undisturbed(scene: Scene): (settings: Partial<Configuration>) => Promise<Run> {
  const runs = new Map<string, Promise<Run>>();
  return (settings) => {
    const key = JSON.stringify(settings);
    const known = runs.get(key) ?? run(settings, { runsFolder: scene.folder() });
    runs.set(key, known);
    return known;
  };
}
