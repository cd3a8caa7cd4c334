import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isMissing } from '../../data/require-peer';
import { configuration } from '../configuration';
import { placeOf } from '../run-place';
import type { Plan } from '../sweep/plan';
import { sweep } from '../sweep/sweep';
import { packFiles, unpackFiles } from './archive';
import { jobId, jobOf, packageVersion, type TrainingJob } from './job';
import {
  BASE,
  expectSameNumbers,
  redisServer,
  Scene,
  startRedis,
  startWorker,
  undisturbed,
} from './queue.test-support';
import { PREFIX, QUEUE } from './store';

const scene = new Scene();
const alone = undisturbed(scene);
afterEach(() => scene.end());
afterAll(() => scene.close());

/** The trials of this file; each test spoils the first. */
const PLAN: Plan = [{ margin: 0.5 }, { margin: 1 }];

const ONE = PLAN.slice(0, 1);

/** Redis, and what a client would put there, for somebody who means no good. */
async function scenery(): Promise<{
  url: string;
  redis: Redis;
  queue: Queue<TrainingJob>;
  job: TrainingJob;
  go: (plan?: Plan, runsFolder?: string) => ReturnType<typeof sweep>;
}> {
  const { url, port } = await startRedis(scene);
  const redis = new Redis(port, { maxRetriesPerRequest: null });
  const queue = new Queue<TrainingJob>(QUEUE, { connection: redis, prefix: PREFIX });
  scene.atEnd(async () => {
    await queue.close();
    redis.disconnect();
  });
  const config = configuration({ ...BASE, ...PLAN[0], name: 'sweep-margin-0.5' });
  const job = jobOf(await placeOf(config, { runsFolder: scene.folder() }), 10);
  const go = (plan = PLAN, runsFolder = scene.folder()): ReturnType<typeof sweep> =>
    sweep({ ...BASE, name: 'sweep-margin-0.5' }, plan, {
      executor: 'queue',
      redis: { url },
      runsFolder,
    });
  return { url, redis, queue, job, go };
}

describe.skipIf(isMissing(redisServer))('a queue that somebody else writes to', () => {
  it('has no configuration trained that was changed on the way', async () => {
    const { url, queue, job, go } = await scenery();
    const changed = { ...job, config: { ...job.config, learningRate: 0.5 } };
    await queue.add('train', changed, { jobId: jobId(job.hash) });
    const first = go();
    await startWorker(scene, url);
    const [refused, other] = await first;
    expect(refused.error).toMatch(
      new RegExp(`^the job run-${job.hash} is refused: its configuration was changed on the way`),
    );
    expectSameNumbers(other, await alone({ ...BASE, ...PLAN[1] }));
    expectSameNumbers((await go(ONE))[0], await alone({ ...BASE, ...PLAN[0] }));
  });

  it.each<[string, (job: TrainingJob) => unknown, RegExp]>([
    ['of another version', (job) => ({ ...job, version: '0.0.9' }), /the client has 0\.0\.9/],
    ['of another revision', (job) => ({ ...job, trainingRevision: 1 }), /\(training revision 1\)/],
    ['that is none', () => ({ rm: '-rf' }), /is refused: /],
    ['with a path for a name', (job) => named(job, '../../evil'), /is refused: .*name: must be/],
    ['on other data', (job) => ({ ...job, digest: 'other' }), /changed on the way/],
  ])('has no job trained %s', async (_, spoil, message) => {
    const { url, queue, job, go } = await scenery();
    const options = { jobId: jobId(job.hash), attempts: 2, backoff: 10 };
    await queue.add('train', spoil(job) as TrainingJob, options);
    const first = go(ONE);
    const worker = await startWorker(scene, url);
    const [refused] = await first;
    expect(refused.error).toMatch(message);
    if (/client has/.test(refused.error!)) expect(refused.error).toContain(packageVersion());
    const folder = worker.process.spawnargs[worker.process.spawnargs.indexOf('--folder') + 1];
    expect(existsSync(join(dirname(dirname(folder)), 'evil'))).toBe(false);
  });

  it('brings no file outside the run folder, nor a run of something else', async () => {
    const { url, redis, job, go } = await scenery();
    const worker = await startWorker(scene, url);
    await go(ONE);
    const key = `${PREFIX}:run:${job.hash}`;
    const run = (await redis.getBuffer(key))!;
    const names = ['config.json', 'environment.json', 'metrics.jsonl', 'weights.bin'];
    const files = unpackFiles('it', run, [...names, 'embeddings.bin', 'summary.json']);
    const cut = new Map([...files].slice(0, 3));
    const config = JSON.parse(files.get('config.json')!.toString());
    const otherConfig = Buffer.from(JSON.stringify({ ...config, margin: 3 }));
    const hostile: [Buffer, RegExp][] = [
      [
        packFiles('it', new Map([...files, ['../evil', Buffer.from('x')]])),
        /it holds "\.\.\/evil"/,
      ],
      [packFiles('it', new Map([...files, ['/tmp/evil', Buffer.from('x')]])), /"\/tmp\/evil"/],
      [packFiles('it', cut), /weights\.bin, embeddings\.bin, summary\.json missing/],
      [packFiles('it', new Map([...files, ['config.json', otherConfig]])), /it is of another run/],
      [run.subarray(0, run.length - 1), /bytes/],
    ];
    for (const [archive, message] of hostile) {
      const runsFolder = scene.folder();
      await redis.set(key, archive);
      const [refused] = await go(ONE, runsFolder);
      expect(refused.error).toMatch(message);
      expect(readdirSync(scene.base)).not.toContain('evil');
      expect(existsSync('/tmp/evil')).toBe(false);
      expect(existsSync(join(refused.directory, 'config.json'))).toBe(false);
      // What was refused does not stand in the way of the next.
      if (archive === hostile[0][0]) {
        expectSameNumbers((await go(ONE, runsFolder))[0], await alone({ ...BASE, ...PLAN[0] }));
      }
    }
    expect(worker.process.exitCode).toBeNull();
  });

  it('cannot spoil a training by a damaged checkpoint', async () => {
    const { url, redis, job, go } = await scenery();
    await redis.set(`${PREFIX}:checkpoint:${job.hash}`, 'rubbish');
    await startWorker(scene, url);
    expectSameNumbers((await go(ONE))[0], await alone({ ...BASE, ...PLAN[0] }));
  });
});

function named(job: TrainingJob, name: string): TrainingJob {
  return { ...job, config: { ...job.config, name } };
}

describe.skipIf(isMissing(redisServer) || process.platform !== 'linux')('a worker', () => {
  it('listens nowhere', async () => {
    const { url } = await startRedis(scene);
    const { process: child } = await startWorker(scene, url);
    const sockets = readdirSync(`/proc/${child.pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${child.pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        // It was closed meanwhile.
        return [];
      }
    });
    const listening = ['tcp', 'tcp6']
      .flatMap((table) => readFileSync(`/proc/${child.pid}/net/${table}`, 'utf8').split('\n'))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === '0A')
      .map((fields) => fields[9]);
    expect(sockets.length).toBeGreaterThan(0);
    expect(sockets.filter((inode) => listening.includes(inode))).toEqual([]);
  });
});
