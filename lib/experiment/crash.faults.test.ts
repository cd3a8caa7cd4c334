import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';
import { projectPath } from '../data/project';
import { randomInteger, seededRandom, type Random } from '../data/random';
import { TINY } from './runs.test-support';
import { scanRuns } from './registry/scan-runs';
import { RunFolder } from './run-folder';

/** `TRIPLETLAB_FAULTS_SEED=7 npm run test:faults -- crash` repeats it with other moments. */
const SEED = Number(process.env.TRIPLETLAB_FAULTS_SEED ?? 1);
const KILLS = Number(process.env.TRIPLETLAB_FAULTS_KILLS ?? 100);

/** Short steps and many files: the more is written, the more can be cut. */
const SETTINGS = { ...TINY, name: 'killed', steps: 200, logEvery: 2, evaluateEvery: 50 };
const OPTIONS = { checkpointSeconds: 0.01, snapshots: 5, publishedFolder: 'none' };

const base = mkdtempSync(join(tmpdir(), 'tripletlab-kill-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Trains in a process of its own, which says when it begins, every step, and when it is done. */
const CHILD = `
  const [library, settings, options] = process.argv.slice(1);
  const { run } = require(library + '/experiment/run.js');
  const say = (text) => process.stdout.write(text + '\\n');
  say('begins');
  const onProgress = ({ done }) => say(String(done));
  run(JSON.parse(settings), { ...JSON.parse(options), onProgress }).then(() => say('done'), (error) => {
    say('failed: ' + error.stack);
  });
`;

/** When a training is killed: so many milliseconds after it has begun, or has made a step. */
interface Moment {
  step: number;
  milliseconds: number;
}

/**
 * A random moment of the training: an eighth of them before its first step, an eighth while its last
 * evaluation is made and the results are written, the others anywhere between. Steps, not times, so
 * that the moments do not depend on how busy the machine is.
 */
function randomMoment(random: Random, stepMilliseconds: number): Moment {
  const kind = random();
  if (kind < 0.125) return { step: 0, milliseconds: random() * 100 * stepMilliseconds };
  if (kind < 0.25) return { step: SETTINGS.steps, milliseconds: random() * 30 * stepMilliseconds };
  const step = 1 + randomInteger(random, SETTINGS.steps);
  return { step, milliseconds: random() * 3 * stepMilliseconds };
}

interface Ended {
  signal: NodeJS.Signals | null;
  /** What the process said at the end. */
  last: string;
  /** Milliseconds from the first step to the last. */
  milliseconds: number;
}

/** Trains, and kills the process at a moment; one that has made the step already, at its next one. */
async function train(runsFolder: string, moment?: Moment): Promise<Ended> {
  const settings = JSON.stringify(SETTINGS);
  const options = JSON.stringify({ ...OPTIONS, runsFolder });
  const child = spawn(
    process.execPath,
    ['--eval', CHILD, projectPath('lib', 'dist'), settings, options],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let last = '';
  const steps: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  createInterface(child.stdout).on('line', (line) => {
    last = line;
    const step = line === 'begins' ? 0 : Number(line);
    if (step > 0) steps.push(performance.now());
    if (moment === undefined || timer !== undefined || !(step >= moment.step)) return;
    timer = setTimeout(() => child.kill('SIGKILL'), moment.milliseconds);
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, by) => resolve(by));
  });
  clearTimeout(timer);
  return { signal, last, milliseconds: (steps.at(-1) ?? 0) - steps[0] };
}

/** The SHA-256 of all files of a run, to be found again as they were. */
function filesOf(path: string): Record<string, string> {
  const digest = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(path, name)))
      .digest('hex');
  return Object.fromEntries(readdirSync(path).map((name) => [name, digest(name)]));
}

/** Of those whose bytes do not depend on time. */
function contentOf(path: string): Record<string, string> {
  const isTimeless = ([name]: [string, string]): boolean => /\.(jsonl|bin)$|^config/.test(name);
  return Object.fromEntries(Object.entries(filesOf(path)).filter(isTimeless));
}

it(`kill -9 at ${KILLS} random moments of training (seed ${SEED}) loses and changes nothing`, async () => {
  const random = seededRandom(SEED);
  const uncut = await train(join(base, 'uncut'));
  expect(uncut.last).toBe('done');
  const stepMilliseconds = uncut.milliseconds / SETTINGS.steps;
  const [id] = readdirSync(join(base, 'uncut'));
  const original = join(base, 'uncut', id);
  const expected = contentOf(original);
  const names = readdirSync(original).sort();

  let [kills, finished, resumed] = [0, 0, 0];
  for (let chain = 0; kills < KILLS; chain++) {
    const runsFolder = join(base, `chain ${chain}`);
    const [committed, path] = [join(runsFolder, 'committed'), join(runsFolder, id)];
    cpSync(original, committed, { recursive: true });
    const before = filesOf(committed);
    for (let attempt = 1; ; attempt++) {
      // The last attempt is let be.
      const moment = kills < KILLS ? randomMoment(random, stepMilliseconds) : undefined;
      const { signal, last } = await train(runsFolder, moment);
      expect(filesOf(committed)).toEqual(before);
      const { runs, damaged } = scanRuns(runsFolder, false);
      expect(damaged).toEqual([]);
      expect(runs.find((run) => run.id === 'committed')?.status).toBe('finished');
      if (signal === null) {
        expect(last).toBe('done');
        break;
      }
      expect(signal).toBe('SIGKILL');
      kills++;
      if (existsSync(join(path, 'checkpoint.bin'))) resumed++;
      // Ten seconds pass, after which the lock of a dead process is taken over.
      if (existsSync(join(path, 'lock'))) utimesSync(join(path, 'lock'), 1, 1);
    }
    finished++;
    expect(contentOf(path)).toEqual(expected);
    // A kill after the last file and before the end of the lock leaves the lock: who needs it next has it.
    await new RunFolder(path).exclusively(() => Promise.resolve());
    expect(readdirSync(path).sort()).toEqual(names);
    rmSync(runsFolder, { recursive: true });
    console.log(`seed ${SEED}: ${kills} of ${KILLS} kills, ${finished} runs ended as uncut`);
  }
  console.log(
    `kill -9, seed ${SEED}: ${kills} kills, ${resumed} of them left a checkpoint; ` +
      `${finished} runs ended with the bytes of an uncut one`,
  );
});
