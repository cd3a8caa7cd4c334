import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../../data/require-peer';
import { configuration } from '../configuration';
import { placeOf } from '../run-place';
import type { Plan } from '../sweep/plan';
import { expectSameNumbers } from '../same-numbers.test-support';
import { sweep } from '../sweep/sweep';
import { packFiles, unpackFiles } from './archive';
import { jobId, jobOf, type TrainingJob } from './job';
import {
  BASE,
  redisServer,
  Scene,
  startRedis,
  startWorker,
  undisturbed,
  type WorkerProcess,
} from './queue.test-support';
import { PREFIX, QUEUE } from './store';

const scene = new Scene();
const alone = undisturbed(scene);
const missing = isMissing(redisServer);

/** The trials of this file; each test spoils the first. */
const PLAN: Plan = [{ margin: 0.5 }, { margin: 1 }];
const ONE = PLAN.slice(0, 1);

/** One Redis and one worker for all, and what a client would put there. */
let url: string;
let worker: WorkerProcess;
let redis: Redis;
let queue: Queue<TrainingJob>;
let job: TrainingJob;

beforeAll(async () => {
  if (missing) return;
  const server = await startRedis(scene);
  url = server.url;
  worker = await startWorker(scene, url, ['--lock', '20']);
  redis = new Redis(server.port, { maxRetriesPerRequest: null });
  queue = new Queue<TrainingJob>(QUEUE, { connection: redis, prefix: PREFIX });
  scene.atEnd(async () => {
    await queue.close();
    redis.disconnect();
  });
  const config = configuration({ ...BASE, ...PLAN[0], name: 'sweep-margin-0.5' });
  job = jobOf(await placeOf(config, { runsFolder: scene.folder() }), 10);
});
afterAll(() => scene.close());

const runKey = (): string => `${PREFIX}:run:${job.hash}`;

const go = (plan: Plan, runsFolder = scene.folder()): ReturnType<typeof sweep> =>
  sweep(BASE, plan, { executor: 'queue', redis: { url }, runsFolder });

describe.skipIf(missing)('a queue that somebody else writes to', () => {
  it('has no configuration trained that was changed on the way', async () => {
    await queue.pause();
    const changed = { ...job, config: { ...job.config, learningRate: 0.5 } };
    await queue.add('train', changed, { jobId: jobId(job.hash) });
    const first = go(PLAN);
    // It finds the job there, and puts the other beside it.
    while ((await queue.getJobCountByTypes('waiting')) < 2) await sleep(20);
    await queue.resume();
    const [refused, other] = await first;
    expect(refused.error).toMatch(
      new RegExp(`^the job run-${job.hash} is refused: its configuration was changed on the way`),
    );
    expectSameNumbers(other, await alone({ ...BASE, ...PLAN[1] }));
    expectSameNumbers((await go(ONE))[0], await alone({ ...BASE, ...PLAN[0] }));
  });

  it('brings no file outside the run folder, nor a run of something else', async () => {
    await go(ONE);
    const run = (await redis.getBuffer(runKey()))!;
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
      await redis.set(runKey(), archive);
      const [refused] = await go(ONE, runsFolder);
      expect(refused.error).toMatch(message);
      expect(readdirSync(runsFolder)).toEqual([]);
      expect(existsSync('/tmp/evil')).toBe(false);
      // What was refused does not stand in the way of the next.
      if (archive === hostile[0][0]) {
        expectSameNumbers((await go(ONE, runsFolder))[0], await alone({ ...BASE, ...PLAN[0] }));
      }
    }
    expect(worker.process.exitCode).toBeNull();
  });

  it('cannot spoil a training by a damaged checkpoint', async () => {
    await redis.unlink(runKey());
    await redis.set(`${PREFIX}:checkpoint:${job.hash}`, 'rubbish');
    expectSameNumbers((await go(ONE))[0], await alone({ ...BASE, ...PLAN[0] }));
  });
});

describe.skipIf(missing || process.platform !== 'linux')('a worker', () => {
  it('listens nowhere', () => {
    const { process: child } = worker;
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
