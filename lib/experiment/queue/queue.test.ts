import { readdirSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isMissing } from '../../data/require-peer';
import { expectSameNumbers } from '../same-numbers.test-support';
import { sweep } from '../sweep/sweep';
import type { TrialState } from '../sweep/trial-state';
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

describe.skipIf(isMissing(redisServer))('a sweep through a queue', () => {
  it('has the same runs, progress and errors as one on this machine', async () => {
    const redis = await startRedis(scene);
    await startWorker(scene, redis.url);
    const plan = [{ margin: 0.5 }, { margin: 0.5, learningRate: 1e30 }, { margin: 1 }];
    const seen: (readonly TrialState[])[] = [];
    const runsFolder = scene.folder();
    const runs = await sweep(BASE, plan, {
      executor: 'queue',
      redis: { url: redis.url },
      runsFolder,
      onProgress: (states) => seen.push(states),
    });
    const local = await sweep(BASE, plan, { runsFolder: scene.folder(), jobs: 1 });

    expect(runs.map(({ id, status, error }) => ({ id, status, error }))).toEqual(
      local.map(({ id, status, error }) => ({ id, status, error })),
    );
    for (const i of [0, 2]) expectSameNumbers(runs[i], local[i]);
    expect(runs[1].metrics).toEqual(local[1].metrics);
    expect(readdirSync(runs[0].directory).sort()).toEqual(readdirSync(local[0].directory).sort());
    const states = [...new Set(seen.map(([first]) => first.state))];
    expect(states).toEqual(['waiting', 'running', 'finished']);
    expect(seen.some(([{ metrics, done }]) => metrics.loss > 0 && done < 60)).toBe(true);
  });

  it('goes on elsewhere, from the last checkpoint, when its worker is killed (kill -9)', async () => {
    const redis = await startRedis(scene);
    const first = await startWorker(scene, redis.url);
    const done: number[] = [];
    let killed: Promise<unknown> | undefined;
    const [found] = await sweep(LONG, [{ margin: 0.5 }], {
      executor: 'queue',
      redis: { url: redis.url },
      runsFolder: scene.folder(),
      checkpointSeconds: 0.2,
      onProgress: ([trial]) => {
        if (trial.state === 'running') done.push(trial.done);
        if (trial.done > 300 && !killed) {
          killed = first.kill().then(() => {
            done.length = 0;
            return startWorker(scene, redis.url);
          });
        }
      },
    });
    await killed;
    // A training from the beginning would tell of its first step.
    expect(Math.min(...done)).toBeGreaterThan(1);
    expectSameNumbers(found, await alone({ ...LONG, margin: 0.5 }));
  });
});
