import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { freePorts } from '../../data/free-ports';
import { isMissing } from '../../data/require-peer';
import { expectSameNumbers } from '../same-numbers.test-support';
import { sweep } from '../sweep/sweep';
import {
  BASE,
  LONG,
  redisServer,
  Scene,
  startRedis,
  startWorker,
  undisturbed,
} from './queue.test-support';

const scene = new Scene();
const alone = undisturbed(scene);
afterEach(() => scene.end());
afterAll(() => scene.close());

const PLAN = [{ margin: 0.5 }, { margin: 1 }];

const go = (url: string, more: Parameters<typeof sweep>[2] = {}): ReturnType<typeof sweep> =>
  sweep(BASE, PLAN, {
    executor: 'queue',
    redis: { url },
    runsFolder: scene.folder(),
    ...more,
  });

/** A certificate of an authority of its own, for 127.0.0.1. */
function certificates(): { ca: string; certificate: string; key: string } {
  const folder = scene.folder();
  const [ca, caKey, certificate, key, request, names] = [
    'ca.pem',
    'ca.key',
    'redis.pem',
    'redis.key',
    'redis.csr',
    'names',
  ].map((name) => join(folder, name));
  const shell = `
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ${caKey} -out ${ca} &&
    openssl req -newkey rsa:2048 -nodes -subj /CN=redis -keyout ${key} -out ${request} &&
    echo subjectAltName=IP:127.0.0.1 > ${names} &&
    openssl x509 -req -days 2 -in ${request} -CA ${ca} -CAkey ${caKey} -CAcreateserial \\
      -extfile ${names} -out ${certificate}`;
  const { status, stderr } = spawnSync('sh', ['-c', shell]);
  expect(status, String(stderr)).toBe(0);
  return { ca, certificate, key };
}

describe.skipIf(isMissing(redisServer))('access to the queue', () => {
  it('takes a password where Redis asks for one, and never shows it', async () => {
    const { url } = await startRedis(scene, ['--requirepass', 'sesame']);
    const withPassword = url.replace('//', '//:sesame@');
    const worker = await startWorker(scene, withPassword);
    const runs = await go(withPassword);
    for (const [i, settings] of PLAN.entries()) {
      expectSameNumbers(runs[i], await alone({ ...BASE, ...settings }));
    }
    expect(worker.lines.join('\n')).not.toContain('sesame');
    await expect(go(url)).rejects.toThrow(/^redis: redis:\/\/127.*cannot be used: .*NOAUTH/);
    await expect(go(url.replace('//', '//:wrong1@'))).rejects.toThrow(
      /^(?!.*wrong1)redis: .*cannot be used: .*WRONGPASS/,
    );
  });

  it('is encrypted with rediss://, and the server must be the one that the authority names', async () => {
    const { ca, certificate, key } = certificates();
    const [tlsPort] = await freePorts(1);
    await startRedis(scene, [
      ...['--tls-port', String(tlsPort), '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', ca],
    ]);
    const url = `rediss://127.0.0.1:${tlsPort}`;
    await startWorker(scene, url, ['--ca', ca]);
    const runs = await go(url, { redis: { url, ca } });
    for (const [i, settings] of PLAN.entries()) {
      expectSameNumbers(runs[i], await alone({ ...BASE, ...settings }));
    }
    await expect(go(url)).rejects.toThrow(/cannot be used: .*certificate/);
  });

  it('says where there is no Redis', async () => {
    const [port] = await freePorts(1);
    const url = `redis://127.0.0.1:${port}`;
    await expect(go(url)).rejects.toThrow(/^redis: redis:.* cannot be used: .*ECONNREFUSED/);
  });
});

describe.skipIf(isMissing(redisServer))('a sweep through a queue', () => {
  it('shares its runs with another that asks for the same', async () => {
    const { url } = await startRedis(scene);
    const worker = await startWorker(scene, url);
    const [one, other] = await Promise.all([go(url), go(url)]);
    for (const [i, settings] of PLAN.entries()) {
      expectSameNumbers(one[i], await alone({ ...BASE, ...settings }));
      expectSameNumbers(other[i], one[i]);
    }
    expect(worker.lines.filter((line) => line.endsWith('started'))).toHaveLength(2);
  });

  it('that is interrupted brings its checkpoints, from which a local one goes on', async () => {
    const { url } = await startRedis(scene);
    await startWorker(scene, url);
    const runsFolder = scene.folder();
    const stop = new AbortController();
    const interrupted = sweep(LONG, PLAN, {
      executor: 'queue',
      redis: { url },
      runsFolder,
      signal: stop.signal,
      onProgress: ([first]) => {
        if (first.state === 'running' && first.done > 300) stop.abort();
      },
    });
    await expect(interrupted).rejects.toThrow(
      /checkpoints of sweep-margin-0\.5 at step \d+ of 600/,
    );
    const begun: number[] = [];
    const runs = await sweep(LONG, PLAN, {
      runsFolder,
      jobs: 1,
      onProgress: ([first]) => begun.push(first.done),
    });
    expect(begun.find((done) => done > 0)).toBeGreaterThan(300);
    for (const [i, settings] of PLAN.entries()) {
      expectSameNumbers(runs[i], await alone({ ...LONG, ...settings }));
    }
    // The queue is as if nothing had been asked for.
    expectSameNumbers((await go(url))[0], await alone({ ...BASE, ...PLAN[0] }));
  });

  it('whose worker ends in order (SIGTERM) goes on with another', async () => {
    const { url } = await startRedis(scene);
    const first = await startWorker(scene, url);
    let ended: Promise<unknown> | undefined;
    const [run] = await sweep(LONG, [PLAN[0]], {
      executor: 'queue',
      redis: { url },
      runsFolder: scene.folder(),
      onProgress: ([{ done }]) => {
        if (done > 300) ended ??= first.kill('SIGTERM').then(() => startWorker(scene, url));
      },
    });
    await ended;
    expect(first.process.exitCode).toBe(0);
    expect(first.lines.at(-1)).toBe(`${run.config.name}: interrupted`);
    expectSameNumbers(run, await alone({ ...LONG, ...PLAN[0] }));
  });

  it('says that there is no worker, and begins when there is one', async () => {
    const { url } = await startRedis(scene);
    const reasons = new Set<string | undefined>();
    let worker: unknown;
    await go(url, {
      onProgress: ([{ reason }]) => {
        reasons.add(reason);
        if (reason !== undefined) worker ??= startWorker(scene, url);
      },
    });
    await worker;
    expect([...reasons]).toEqual([undefined, `no worker at ${url}`]);
  });
});
