import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { projectPath } from '../../data/project';
import { isMissing, type Peer } from '../../data/require-peer';
import type { Configuration } from '../configuration';
import type { Run } from '../run';
import type { Plan } from '../sweep/plan';
import { expectSameNumbers } from '../same-numbers.test-support';
import { sweep, type SweepOptions } from '../sweep/sweep';
import { trainingProcesses } from '../sweep/training-processes.test-support';
import type { TrialState } from '../sweep/trial-state';
import {
  BASE,
  LONG,
  redisServer,
  Scene,
  startRedis,
  startWorker,
  undisturbed,
  type RedisServer,
} from './queue.test-support';

const scene = new Scene();
const alone = undisturbed(scene);
afterEach(() => scene.end());
afterAll(() => scene.close());

const root: Peer = {
  name: 'root, who may mount a small disk',
  problem: () => (process.getuid?.() === 0 ? undefined : 'this is another user'),
};

/** A sweep through the queue. */
function queued(
  { url }: Pick<RedisServer, 'url'>,
  base: Partial<Configuration>,
  plan: Plan,
  options: SweepOptions = {},
): Promise<Run[]> {
  return sweep(base, plan, {
    executor: 'queue',
    redis: { url },
    runsFolder: scene.folder(),
    checkpointSeconds: 0.2,
    ...options,
  });
}

/** A progress callback that calls back when the first trial has come so far, once. */
function whenUnderWay(act: () => void, steps = 300): (states: readonly TrialState[]) => void {
  let isDone = false;
  return ([first]) => {
    if (isDone || first.state !== 'running' || first.done < steps) return;
    isDone = true;
    act();
  };
}

async function expectUndisturbed(
  runs: Run[],
  base: Partial<Configuration>,
  plan: Plan,
): Promise<void> {
  expect(runs).toHaveLength(plan.length);
  for (const [i, settings] of plan.entries()) {
    expectSameNumbers(runs[i], await alone({ ...base, ...settings }));
  }
}

const TWO: Plan = [{ margin: 0.5 }, { margin: 1 }];

describe.skipIf(isMissing(redisServer))('a sweep through a queue survives', () => {
  it.each([
    ['with persistence, ended properly', ['--appendonly', 'yes'], 'SIGTERM'],
    ['with persistence, killed', ['--appendonly', 'yes', '--appendfsync', 'always'], 'SIGKILL'],
    ['without persistence', [], 'SIGKILL'],
  ] as const)('a restart of Redis %s', async (_, options, signal) => {
    const redis = await startRedis(scene, [...options]);
    const worker = await startWorker(scene, redis.url);
    let restarted: Promise<void> | undefined;
    const reasons = new Set<string | undefined>();
    const onTime = whenUnderWay(() => {
      restarted = redis
        .stop(signal)
        .then(() => sleep(1_000))
        .then(() => redis.start());
    });
    const runs = await queued(redis, LONG, TWO, {
      onProgress: (states) => {
        for (const { reason } of states) reasons.add(reason);
        onTime(states);
      },
    });
    await restarted;
    expect([...reasons]).toContain('no connection to Redis, trying again');
    await expectUndisturbed(runs, LONG, TWO);
    expect(worker.process.exitCode).toBeNull();
  });

  it('a stall of Redis that is longer than its locks', async () => {
    const redis = await startRedis(scene);
    for (const _ of [1, 2]) await startWorker(scene, redis.url, ['--lock', '2']);
    let stalled: Promise<void> | undefined;
    const onProgress = whenUnderWay(() => {
      redis.process().kill('SIGSTOP');
      stalled = sleep(6_000).then(() => void redis.process().kill('SIGCONT'));
    });
    const runs = await queued(redis, LONG, TWO, { onProgress });
    await stalled;
    await expectUndisturbed(runs, LONG, TWO);
  });

  it('a network that swallows everything, to the worker and to the client', async () => {
    const redis = await startRedis(scene);
    const network = await proxy(redis);
    await startWorker(scene, network.url);
    const runs = await queued(network, LONG, TWO, {
      onProgress: whenUnderWay(() => network.swallow()),
    });
    await expectUndisturbed(runs, LONG, TWO);
  });

  it('two workers with the same job: one slept past its lock, and woke', async () => {
    const redis = await startRedis(scene);
    const first = await startWorker(scene, redis.url, ['--lock', '2']);
    let second: ReturnType<typeof startWorker> | undefined;
    const onProgress = whenUnderWay(() => {
      first.process.kill('SIGSTOP');
      second = startWorker(scene, redis.url, ['--lock', '2']);
      void second
        .then((worker) => worker.says(/started/))
        .then(() => first.process.kill('SIGCONT'));
    });
    const runs = await queued(redis, LONG, [TWO[0]], { onProgress });
    await expectUndisturbed(runs, LONG, [TWO[0]]);
    expect((await second)!.lines.filter((line) => /started/.test(line))).not.toHaveLength(0);
    // Both are fit for more.
    await expectUndisturbed(await queued(redis, BASE, TWO), BASE, TWO);
  });

  it('workers that are killed one after another (kill -9)', async () => {
    const redis = await startRedis(scene);
    const plan = [...TWO, { margin: 2 }];
    const workers = [await startWorker(scene, redis.url)];
    const killed = new Set<number>();
    let replaced = Promise.resolve();
    const runs = await queued(redis, LONG, plan, {
      onProgress: (states) => {
        for (const { trial, state, done } of states) {
          if (state !== 'running' || done < 300 || killed.has(trial)) continue;
          killed.add(trial);
          replaced = replaced
            .then(() => workers.at(-1)!.kill())
            .then(async () => void workers.push(await startWorker(scene, redis.url)));
        }
      },
    });
    await replaced;
    expect(killed.size).toBe(3);
    await expectUndisturbed(runs, LONG, plan);
  });

  it('its own end: a client that was killed finds its runs again', async () => {
    const redis = await startRedis(scene);
    const worker = await startWorker(scene, redis.url);
    const runsFolder = scene.folder();
    const program = `
      const { sweep } = require(${JSON.stringify(projectPath('lib', 'dist', 'experiment', 'sweep', 'sweep.js'))});
      const [base, plan, url, runsFolder] = process.argv.slice(1).map((text) => JSON.parse(text));
      const onProgress = ([{ done }]) => done > 0 && console.log('under way');
      void sweep(base, plan, { executor: 'queue', redis: { url }, runsFolder, onProgress });`;
    const values = [LONG, TWO, redis.url, runsFolder].map((value) => JSON.stringify(value));
    const client = spawn(process.execPath, ['--eval', program, ...values], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: client.stdout }), 'line');
    client.kill('SIGKILL');
    await once(client, 'exit');
    const seen: TrialState[] = [];
    const runs = await queued(redis, LONG, TWO, {
      runsFolder,
      onProgress: ([first]) => seen.push(first),
    });
    await expectUndisturbed(runs, LONG, TWO);
    expect(seen.find(({ state }) => state === 'running')!.done).toBeGreaterThan(0);
    expect(worker.lines.filter((line) => line.endsWith('started'))).toHaveLength(2);
  });

  it.skipIf(isMissing(root))(
    'a full disk under its results: what was trained is there when there is room',
    async () => {
      const redis = await startRedis(scene);
      const worker = await startWorker(scene, redis.url);
      const disk = await smallDisk('200k');
      const plan = [{ margin: 0.5 }, { margin: 0.5, dimension: 2000 }];
      const options = { runsFolder: disk.path };
      const [small, large] = await queued(redis, BASE, plan, options);
      expectSameNumbers(small, await alone({ ...BASE, ...plan[0] }));
      expect(large).toMatchObject({ status: 'failed' });
      expect(large.error).toMatch(/ENOSPC/);
      expect(existsSync(join(large.directory, 'summary.json'))).toBe(false);
      await worker.kill();
      await disk.enlarge('64m');
      await expectUndisturbed(await queued(redis, BASE, plan, options), BASE, plan);
    },
  );

  it.skipIf(isMissing(root))('a full disk of a worker: another does it', async () => {
    const redis = await startRedis(scene);
    const disk = await smallDisk('100k');
    const full = await startWorker(scene, redis.url, ['--folder', disk.path]);
    let other: unknown;
    const plan = [{ margin: 0.5, dimension: 2000 }];
    const refusal = full.says(/ENOSPC/).then(() => {
      other = startWorker(scene, redis.url).then(() => full.kill());
    });
    const runs = await queued(redis, BASE, plan);
    await refusal;
    await other;
    await expectUndisturbed(runs, BASE, plan);
  });
});

describe.skipIf(isMissing(redisServer))('a sweep through a queue gives up', () => {
  it('a training whose process always dies, and goes on with the others', async () => {
    const redis = await startRedis(scene);
    const worker = await startWorker(scene, redis.url);
    const assassin = setInterval(() => {
      // While the second is trained, the first waits for its next attempt.
      if (!/margin-0\.5: started/.test(worker.lines.at(-1)!)) return;
      for (const pid of trainingProcesses(worker.process.pid!)) kill(pid);
    }, 100);
    const runs = await queued(redis, BASE, TWO).finally(() => clearInterval(assassin));
    expect(runs[0].status).toBe('failed');
    expect(runs[0].error).toMatch(
      /^the training process was killed \(SIGKILL\).*\(in each of 3 attempts\)$/,
    );
    expect(worker.lines.filter((line) => /margin-0\.5: started/.test(line))).toHaveLength(3);
    expectSameNumbers(runs[1], await alone({ ...BASE, ...TWO[1] }));
    // Nothing of it is left in the way of the next.
    await expectUndisturbed(await queued(redis, BASE, TWO), BASE, TWO);
  });

  it('a training that always takes its worker with it', async () => {
    const redis = await startRedis(scene);
    const first = queued(redis, BASE, [TWO[0]]);
    for (let i = 0; i < 3; i++) {
      const worker = await startWorker(scene, redis.url, ['--lock', '2']);
      await worker.says(/started/);
      await worker.kill();
    }
    await startWorker(scene, redis.url, ['--lock', '2']);
    const [run] = await first;
    expect(run).toMatchObject({
      status: 'failed',
      error: 'its worker was lost (in each of 3 attempts)',
    });
    await expectUndisturbed(await queued(redis, BASE, TWO), BASE, TWO);
  });
});

/** Between Redis and whoever uses it. */
interface Network {
  url: string;
  /** Existing connections stay, but nothing comes through them any more; new ones work. */
  swallow(): void;
}

async function proxy({ port }: RedisServer): Promise<Network> {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    pairs.add([near, far]);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  scene.atEnd(() => {
    server.close();
    for (const sockets of pairs) for (const socket of sockets) socket.destroy();
  });
  return {
    url: `redis://127.0.0.1:${address.port}`,
    swallow() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        near.resume();
        far.resume();
      }
    },
  };
}

/** A file system of so many bytes. */
async function smallDisk(
  size: string,
): Promise<{ path: string; enlarge(size: string): Promise<void> }> {
  const path = scene.folder();
  const system = async (...args: string[]): Promise<number | null> => {
    const child = spawn(args[0], args.slice(1), { stdio: 'ignore' });
    return ((await once(child, 'exit')) as [number | null])[0];
  };
  expect(await system('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path)).toBe(0);
  scene.atEnd(() => system('umount', path));
  return {
    path,
    async enlarge(larger) {
      expect(await system('mount', '-o', `remount,size=${larger}`, path)).toBe(0);
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
