import { spawn, type ChildProcess } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { projectPath } from '../../data/project';
import { configuration, type Configuration } from '../configuration';
import { diagnose } from '../diagnose';
import { run, type Run } from '../run';
import type { Executor } from './executor';
import { sweep, type SweepOptions } from './sweep';
import { expectSameNumbers } from '../same-numbers.test-support';
import { trainingProcesses } from './training-processes.test-support';
import type { TrialState } from './trial-state';

/** A training of a second. */
const BASE: Partial<Configuration> = {
  network: 'fashion',
  dimension: 8,
  batchSize: 16,
  trainLimit: 200,
  testLimit: 60,
  steps: 150,
  logEvery: 20,
  evaluateEvery: 60,
};

const base = mkdtempSync(join(tmpdir(), 'sweep-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(base, String(folders++));

/** Runs that nobody interrupted, trained in this process. */
const uncut = new Map<string, Promise<Run>>();
function alone(settings: Partial<Configuration>): Promise<Run> {
  const key = JSON.stringify(settings);
  const known = uncut.get(key) ?? run({ ...BASE, ...settings }, { runsFolder: newFolder() });
  uncut.set(key, known);
  return known;
}

async function expectSameResults(found: Run, settings: Partial<Configuration>): Promise<void> {
  expectSameNumbers(found, await alone(settings));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The processes that this one has to look after. */
async function processes(): Promise<number> {
  // What was let go of is gone a moment later.
  await sleep(10);
  return process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
}

/** Trains in this process: an executor of one's own. */
const here: Executor = async (configurations, { onEvent, ...options }) => {
  for (const [i, config] of configurations.entries()) {
    if (options.signal.aborted) return;
    onEvent(i, { type: 'started' });
    const onProgress: Parameters<typeof run>[1] = {
      ...options,
      onProgress: (progress) => onEvent(i, { type: 'progress', progress }),
    };
    await run(config, onProgress).then(
      () => onEvent(i, { type: 'finished' }),
      (error: Error) => onEvent(i, { type: 'failed', error: error.message }),
    );
  }
};

/** Fails when there is anything to train. */
const nobody: Executor = () => expect.unreachable('something was trained');

describe('a sweep', () => {
  const runsFolder = newFolder();
  const plan = [
    { margin: 0.5 },
    { margin: 0.5, learningRate: 1e30 },
    { margin: 1 },
    { margin: 0.5, name: 'again' },
  ];
  const seen: (readonly TrialState[])[] = [];
  const first = sweep(BASE, plan, {
    runsFolder,
    jobs: 2,
    onProgress: (states) => seen.push(states),
  });

  it('has the same runs, byte by byte, as its configurations one by one', async () => {
    const [half, , one] = await first;
    await expectSameResults(half, { margin: 0.5 });
    await expectSameResults(one, { margin: 1 });
    expect(await processes()).toBe(0);
  });

  it('returns a failed trial with its error, in its place', async () => {
    const runs = await first;
    expect(runs.map(({ status }) => status)).toEqual([
      'finished',
      'failed',
      'finished',
      'finished',
    ]);
    const [, failed] = runs;
    expect(failed.config.learningRate).toBe(1e30);
    expect(failed.error).toMatch(/^training: \w+ is NaN at step \d+/);
    expect(failed.summary).toMatchObject({ validation: {}, test: {}, seconds: NaN });
    expect(failed.environment.engine).toBe('compiled');
    expect(() => failed.embeddings()).toThrow(/^embeddings: the run .* has failed and has none/);
    expect((await diagnose(failed)).map(({ kind }) => kind)).toEqual(['non-finite']);
  });

  it('trains once what is in the plan twice', async () => {
    const runs = await first;
    expect(runs[3].id).toBe(runs[0].id);
    expect(readdirSync(runsFolder)).toHaveLength(3);
  });

  it('tells how each trial goes', async () => {
    await first;
    expect(
      seen[0].map(({ trial, name, state, done, total }) => [trial, name, state, done, total]),
    ).toEqual([
      [0, 'sweep-margin-0.5-learning-rate-0.001', 'waiting', 0, 150],
      [1, 'sweep-margin-0.5-learning-rate-1e30', 'waiting', 0, 150],
      [2, 'sweep-margin-1-learning-rate-0.001', 'waiting', 0, 150],
      [3, 'again', 'waiting', 0, 150],
    ]);
    const states = (trial: number): string[] => [
      ...new Set(seen.map((trials) => trials[trial].state)),
    ];
    expect(states(0)).toEqual(['waiting', 'running', 'finished']);
    expect(states(1)).toEqual(['waiting', 'running', 'failed']);
    expect(states(3)).toEqual(states(0));
    const going = seen.map(([trial]) => trial).filter(({ rate }) => rate !== undefined);
    expect(going.length).toBeGreaterThan(0);
    for (const { done, total, rate, secondsLeft, metrics } of going) {
      expect(rate).toBeGreaterThan(0);
      expect(secondsLeft).toBeCloseTo((total - done) / rate!, 6);
      expect(metrics.loss).toBeGreaterThan(0);
    }
    for (let i = 1; i < seen.length; i++) {
      expect(seen[i][0].done).toBeGreaterThanOrEqual(seen[i - 1][0].done);
    }
    expect(seen.at(-1)![0]).toMatchObject({ done: 150, run: { status: 'finished' } });
    expect(seen.at(-1)![1]).toMatchObject({ state: 'failed', run: { status: 'failed' } });
  });

  it('is loaded when it is asked for again, under other names too, without a process', async () => {
    const runs = await first;
    const other: Partial<Configuration> = { ...BASE, name: 'other' };
    for (const again of [plan.filter(({ learningRate }) => !learningRate), { margin: [0.5, 1] }]) {
      const states: string[] = [];
      const loaded = await sweep(other, again, {
        runsFolder,
        executor: nobody,
        onProgress: (trials) => states.push(trials[0].state),
      });
      expect(loaded.slice(0, 2).map(({ id }) => id)).toEqual([runs[0].id, runs[2].id]);
      expect(states).toEqual(['waiting', ...states.slice(1).map(() => 'cached')]);
    }
    expect(readdirSync(runsFolder)).toHaveLength(3);
  });

  it('tries again what failed', async () => {
    await first;
    const asked: number[] = [];
    const executor: Executor = (configurations, options) => {
      asked.push(...configurations.map(({ learningRate }) => learningRate));
      return here(configurations, options);
    };
    const [, failed] = await sweep(BASE, plan, { runsFolder, executor });
    expect(asked).toEqual([1e30]);
    expect(failed.status).toBe('failed');
  });

  it('leaves nothing behind, however often', async () => {
    await first;
    const { signal } = new AbortController();
    const count = async (): Promise<number[]> => [
      ...['SIGINT', 'exit', 'disconnect', 'message'].map((event) => process.listenerCount(event)),
      getEventListeners(signal, 'abort').length,
      await processes(),
    ];
    const before = await count();
    for (let i = 0; i < 50; i++) {
      await sweep(BASE, { margin: [0.5, 1] }, { runsFolder, executor: nobody, signal });
    }
    expect(await count()).toEqual(before);
  });
});

describe('a sweep that is interrupted', () => {
  it('keeps checkpoints, and ends with the same bytes when it is asked for again', async () => {
    const runsFolder = newFolder();
    const stop = new AbortController();
    const plan = { margin: [0.5, 1, 2] };
    const error = await sweep(BASE, plan, {
      runsFolder,
      jobs: 2,
      checkpointSeconds: 1000,
      signal: stop.signal,
      onProgress: ([half, one]) => {
        if (half.done > 0 && one.done > 0) stop.abort(new Error('enough'));
      },
    }).then(
      () => expect.unreachable('it was not interrupted'),
      (reason: Error) => reason,
    );
    expect(error.name).toBe('AbortError');
    expect((error.cause as Error).message).toBe('enough');
    expect(error.message).toMatch(
      /^sweep: interrupted; kept are 0 finished of 3 trials, checkpoints of sweep-margin-0\.5 at step \d+ of 150, sweep-margin-1 at step \d+ of 150\. Execute the same sweep again/,
    );
    expect(await processes()).toBe(0);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    const begun = readdirSync(runsFolder).sort();
    expect(begun).toHaveLength(2);
    for (const id of begun) {
      expect(existsSync(join(runsFolder, id, 'checkpoint.bin'))).toBe(true);
      expect(existsSync(join(runsFolder, id, 'lock'))).toBe(false);
    }
    const [half, one] = await sweep(BASE, { margin: [0.5, 1] }, { runsFolder, jobs: 2 });
    await expectSameResults(half, { margin: 0.5 });
    await expectSameResults(one, { margin: 1 });
  });

  it('before it begins trains nothing', async () => {
    const options = { runsFolder: newFolder(), signal: AbortSignal.abort() };
    await expect(sweep(BASE, { margin: [1] }, { ...options, executor: nobody })).rejects.toThrow(
      /^sweep: interrupted; kept are 0 finished of 1 trials\. Execute/,
    );
  });

  it('by its own callback rejects with that error', async () => {
    const onProgress = ([{ done }]: readonly TrialState[]): void => {
      if (done > 0) throw new Error('no more');
    };
    const options: SweepOptions = { runsFolder: newFolder(), executor: here, onProgress };
    await expect(sweep(BASE, { margin: [1] }, options)).rejects.toThrow(/^no more$/);
    expect(
      readdirSync(readdirSync(options.runsFolder!).map((id) => join(options.runsFolder!, id))[0]),
    ).toContain('checkpoint.bin');
  });
});

describe.runIf(process.platform === 'linux')('a training process that is killed (kill -9)', () => {
  it('is replaced once; then its trial has failed, and the others go on', async () => {
    const victims = new Map<number, number>();
    const kill = (trial: number): void => {
      const [pid] = trainingProcesses(process.pid);
      // It may have ended since it was seen.
      if (pid === undefined) return;
      victims.set(trial, (victims.get(trial) ?? 0) + 1);
      process.kill(pid, 'SIGKILL');
    };
    const runsFolder = newFolder();
    // The second trial's processes do not live to see its first step.
    const assassin = setInterval(() => {
      if (current?.trial === 1) kill(1);
    }, 100);
    let current: TrialState | undefined;
    const runs = await sweep(
      BASE,
      { margin: [0.5, 1, 2] },
      {
        runsFolder,
        jobs: 1,
        checkpointSeconds: 0,
        onProgress: (states) => {
          current = states.find(({ state }) => state === 'running');
          if (current?.trial === 0 && current.done > 0 && !victims.has(0)) kill(0);
        },
      },
    ).finally(() => clearInterval(assassin));
    expect(victims.get(0)).toBe(1);
    await expectSameResults(runs[0], { margin: 0.5 });
    expect(runs[1]).toMatchObject({ status: 'failed' });
    expect(runs[1].error).toBe(
      'the training process was killed (SIGKILL), as the system does when memory runs out: ' +
        'use fewer jobs (in each of 2 attempts)',
    );
    await expectSameResults(runs[2], { margin: 2 });
    expect(await processes()).toBe(0);
  });
});

describe('two sweeps at once', () => {
  it('train each run once', async () => {
    const runsFolder = newFolder();
    const trained: [number, number][] = [];
    const both = [0, 1].map((who) =>
      sweep(
        BASE,
        { margin: [0.5, 1] },
        {
          runsFolder,
          jobs: 1,
          onProgress: (states) => {
            for (const { trial, state, done } of states) {
              if (state === 'running' && done > 0) trained.push([trial, who]);
            }
          },
        },
      ),
    );
    const [one, other] = await Promise.all(both);
    expect(new Set(trained.map(String)).size).toBe(2);
    expect(new Set(trained.map(([trial]) => trial)).size).toBe(2);
    for (const [i, margin] of [0.5, 1].entries()) {
      expect(one[i].id).toBe(other[i].id);
      await expectSameResults(one[i], { margin });
    }
  });
});

/** Another program that sweeps, in a process group of its own; Ctrl-C aborts its sweep. */
const PROGRAM = `
  const { sweep } = require(${JSON.stringify(projectPath('lib', 'dist', 'experiment', 'sweep', 'sweep.js'))});
  const [base, runsFolder] = process.argv.slice(1).map((text) => JSON.parse(text));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  let told = false;
  const onProgress = (states) => {
    if (!told && states.every(({ done }) => done > 0)) console.log('both are under way');
    told ||= states.every(({ done }) => done > 0);
  };
  sweep(base, { margin: [0.5, 1] }, {
    runsFolder, jobs: 2, checkpointSeconds: 1000, signal: stop.signal, onProgress,
  }).catch((error) => console.log(error.name));
`;

/** Starts that program, and waits until both of its trials are under way. */
async function start(runsFolder: string): Promise<{
  program: ChildProcess;
  children: number[];
  lines: string[];
}> {
  const program = spawn(
    process.execPath,
    ['--eval', PROGRAM, JSON.stringify({ ...BASE, steps: 100_000 }), JSON.stringify(runsFolder)],
    { detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines: string[] = [];
  const reader = createInterface({ input: program.stdout! }).on('line', (line) => lines.push(line));
  await once(reader, 'line');
  const children = trainingProcesses(program.pid!);
  expect(children).toHaveLength(2);
  return { program, children, lines };
}

describe.runIf(process.platform === 'linux')('a program that sweeps', () => {
  it('keeps the checkpoints of all trials when Ctrl-C reaches all its processes', async () => {
    const runsFolder = newFolder();
    const { program, children, lines } = await start(runsFolder);
    const exit = once(program, 'close');
    process.kill(-program.pid!, 'SIGINT');
    expect(await exit).toEqual([0, null]);
    expect(lines).toEqual(['both are under way', 'AbortError']);
    expect(children.filter(isAlive)).toEqual([]);
    expectCheckpoints(runsFolder);
  });

  it('leaves no process, but checkpoints, when it is killed (kill -9)', async () => {
    const runsFolder = newFolder();
    const { program, children } = await start(runsFolder);
    process.kill(program.pid!, 'SIGKILL');
    while (children.some(isAlive)) await sleep(100);
    expectCheckpoints(runsFolder);
  });
});

function expectCheckpoints(runsFolder: string): void {
  const begun = readdirSync(runsFolder);
  expect(begun).toHaveLength(2);
  for (const id of begun) expect(existsSync(join(runsFolder, id, 'checkpoint.bin'))).toBe(true);
}

describe('what cannot be swept', () => {
  it.each<[SweepOptions, RegExp]>([
    [{ jobs: 0 }, /^sweep: jobs must be a whole number > 0, got 0/],
    [{ checkpointSeconds: -1 }, /^sweep: checkpointSeconds must be >= 0, got -1/],
    [
      { executor: 'cloud' as 'local' },
      /^sweep: executor must be 'local', 'queue' or a function, got 'cloud'/,
    ],
    [
      { preset: 'fast' as 'quick' },
      /^sweep: preset: must be one of smoke, quick, paper, got 'fast'/,
    ],
  ])('%j', async (options, message) => {
    await expect(sweep(BASE, { seed: [1] }, options)).rejects.toThrow(message);
  });

  it('a wrong setting: nothing is trained', async () => {
    const options = { runsFolder: newFolder(), executor: nobody };
    await expect(sweep(BASE, { margin: [1, -1] }, options)).rejects.toThrow(
      /^sweep: margin: .*got -1 \(trial 2 of 2\)$/,
    );
    expect(existsSync(options.runsFolder)).toBe(false);
    expect(configuration(BASE).margin).toBe(0.5);
  });

  it('a run that is damaged: it has failed, the others have not', async () => {
    const runsFolder = newFolder();
    const [good] = await sweep(BASE, { margin: [1] }, { runsFolder, executor: here });
    rmSync(join(good.directory, 'config.json'));
    const runs = await sweep(BASE, { margin: [1, 2] }, { runsFolder, executor: here });
    expect(runs.map(({ status }) => status)).toEqual(['failed', 'finished']);
    expect(runs[0].error).toMatch(/config\.json cannot be read .*delete the run's folder/);
  });
});
