import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectPath } from '../data/project';
import { randomNormal, seededRandom } from '../data/random';
import { configuration, type Configuration } from './configuration';
import { diagnose, type Finding, type RunRecord } from './diagnose';
import { run } from './run';
import { type MetricsLine, RunFolder } from './run-folder';

/** A small training of the network whose embeddings are not normalised: half a second. */
const SMALL: Partial<Configuration> = {
  network: 'fashion',
  dimension: 8,
  trainLimit: 600,
  testLimit: 100,
  batchSize: 32,
  steps: 60,
  logEvery: 5,
  evaluateEvery: 60,
};

const base = mkdtempSync(join(tmpdir(), 'diagnose-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let folders = 0;

/** Trains, and gives what is on record of the run, whether it finished or failed. */
async function train(settings: Partial<Configuration>): Promise<RunRecord> {
  const runsFolder = join(base, String(folders++));
  const config = configuration({ ...SMALL, ...settings });
  return run(config, { runsFolder }).catch((error: Error) => ({
    config,
    status: 'failed' as const,
    error: error.message,
    metrics: new RunFolder(join(runsFolder, readdirSync(runsFolder)[0])).readMetrics(),
  }));
}

const kinds = (findings: Finding[]): string[] => findings.map(({ kind }) => kind);

function expectFinding(findings: Finding[], expected: Partial<Finding>): Finding {
  const found = findings.find(({ kind }) => kind === expected.kind);
  expect(found, `${kinds(findings).join(', ')}`).toMatchObject(expected);
  for (const text of [found!.seen, found!.why, found!.tryNext]) {
    expect(text).toMatch(/^[A-Z].*[.]$/s);
    expect(text).not.toMatch(/undefined|null| {2}/);
    if (expected.kind !== 'non-finite') expect(text).not.toContain('NaN');
  }
  return found!;
}

describe('a run that was made to fail', () => {
  it.each<[string, Partial<Configuration>, RegExp]>([
    ['batch_hard', { learningRate: 0.1 }, /loss is 0\.5\./],
    ['the soft margin', { margin: 'soft', learningRate: 1 }, /loss is 0\.693\./],
    ['unit length', { network: 'mnist', learningRate: 0.1, steps: 100 }, /loss is 0\.5\d*\./],
  ])('collapse: %s', async (_, settings, seen) => {
    const found = await diagnose(await train({ strategy: 'batch_hard', ...settings }));
    expect(expectFinding(found, { kind: 'collapse', severity: 'problem' }).seen).toMatch(seen);
    expect(kinds(found)).not.toContain('loss-at-margin');
    expect(kinds(found)).not.toContain('no-progress');
  });

  it('a margin out of reach of unit vectors', async () => {
    const margin = (value: number, settings: Partial<Configuration> = {}) =>
      train({ network: 'mnist', batchSize: 16, steps: 4, margin: value, ...settings });
    const found = await diagnose(await margin(3));
    const { seen, why } = expectFinding(found, { kind: 'unreachable-margin', severity: 'problem' });
    expect(seen).toMatch(/margin 3 .* below 1\.51; the training loss is [23]\.\d+/);
    expect(why).toContain('at most 2, and of at most 1.49 on average between 10 classes');
    expectFinding(await diagnose(await margin(1.6)), {
      kind: 'unreachable-margin',
      severity: 'warning',
    });
    expect(kinds(await diagnose(await margin(1.4)))).toEqual([]);
    // Squared distances between unit vectors go up to 4, and to 20/9 on average.
    expect(kinds(await diagnose(await margin(2.1, { squared: true })))).toEqual([]);
    expectFinding(await diagnose(await margin(4.1, { squared: true })), {
      kind: 'unreachable-margin',
      severity: 'problem',
    });
    // Where nothing is normalised any margin can be reached; and to be untrained is no collapse.
    expect(kinds(await diagnose(await margin(3, { network: 'fashion' })))).toEqual([
      'loss-at-margin',
    ]);
  });

  it('the soft margin of unit vectors has a floor', async () => {
    const soft = await train({
      network: 'mnist',
      strategy: 'batch_hard',
      margin: 'soft',
      steps: 4,
    });
    const { seen } = expectFinding(await diagnose(soft), {
      kind: 'unreachable-margin',
      severity: 'note',
    });
    expect(seen).toContain(`below ${Math.log(1 + Math.exp(-Math.sqrt(20 / 9))).toFixed(3)}`);
  });

  it('batches of one class', async () => {
    const record = await train({
      sampling: 'class_ordered',
      shuffleBuffer: 4,
      strategy: 'batch_hard',
      steps: 10,
    });
    const { seen, why } = expectFinding(await diagnose(record), {
      kind: 'one-class-batches',
      severity: 'problem',
    });
    const share = Number(/^Of 10 batches looked at, (\d+)\u00a0% hold/.exec(seen)?.[1]);
    expect(share).toBeGreaterThanOrEqual(30);
    expect(why).toContain('exactly the margin');
  });

  it('batches without positives', async () => {
    const record = await train({ batchSize: 4, steps: 20 });
    const { seen, tryNext } = expectFinding(await diagnose(record), {
      kind: 'batches-without-positives',
      severity: 'problem',
    });
    expect(seen).toMatch(/^Of 20 batches looked at, \d+\u00a0% have no two images/);
    expect(tryNext).toContain('batchSize is 4');
  });

  it.each([1, 100])('numbers that are not finite, with a line every %d steps', async (logEvery) => {
    const record = await train({ learningRate: 1e30, logEvery });
    expect(record.status).toBe('failed');
    const { seen } = expectFinding(await diagnose(record), {
      kind: 'non-finite',
      severity: 'problem',
    });
    expect(seen).toMatch(/at step \d+/);
  });

  it('no semi-hard triplet left', async () => {
    const record = await train({ strategy: 'semi_hard', learningRate: 0.1 });
    expectFinding(await diagnose(record), { kind: 'no-semi-hard-triplets', severity: 'warning' });
  });

  it('no progress at a tiny learning rate', async () => {
    const record = await train({ strategy: 'batch_hard', learningRate: 1e-8 });
    const { tryNext } = expectFinding(await diagnose(record), {
      kind: 'no-progress',
      severity: 'warning',
    });
    expect(tryNext).toContain('Multiply the learning rate by 10 (it is 1e-8)');
  });
});

describe('a run that does well', () => {
  it.each<Partial<Configuration>>([
    { network: 'mnist', margin: 0.5 },
    { network: 'mnist', margin: 0.2, squared: true },
    { network: 'mnist', strategy: 'semi_hard' },
    { network: 'mnist', strategy: 'batch_hard', batchSize: 20, sampling: 'balanced' },
    { network: 'fashion', margin: 1 },
    { network: 'fashion', strategy: 'softmax' },
  ])('raises no alarm: %j', async (settings) => {
    const findings = await diagnose(await train({ learningRate: 1e-3, ...settings }));
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });

  it.each([
    ['0.5', [{ kind: 'still-learning', severity: 'note' }]],
    [
      // Its validation loss rises while precision@1 stays.
      '1',
      [
        { kind: 'overfitting', severity: 'note' },
        { kind: 'still-learning', severity: 'note' },
      ],
    ],
    ['3', [{ kind: 'unreachable-margin', severity: 'problem' }]],
  ] as [string, Partial<Finding>[]][])(
    'the committed run with margin %s',
    async (margin, expected) => {
      const path = projectPath('results', 'paper', `mnist-margin-${margin}`);
      const config: object = JSON.parse(readFileSync(join(path, 'config.json'), 'utf8'));
      const findings = await diagnose({
        config: configuration(config),
        status: 'finished',
        metrics: new RunFolder(path).readMetrics(),
      });
      expect(findings).toMatchObject(expected);
      expected.forEach((finding) => expectFinding(findings, finding));
    },
  );
});

/** Metrics as functions of the share of the training that is done: 100 lines, 20 evaluations. */
function record(
  settings: Partial<Configuration>,
  train: Record<string, (t: number) => number>,
  validation: Record<string, (t: number) => number> = {},
): RunRecord {
  const valuesAt = (t: number, of: typeof train, prefix: string): Record<string, number> =>
    Object.fromEntries(Object.entries(of).map(([name, f]) => [prefix + name, f(t)]));
  const metrics: MetricsLine[] = [];
  for (let step = 10; step <= 1000; step += 10) {
    const t = step / 1000;
    metrics.push({ step, split: 'train', values: valuesAt(t, train, 'mean ') });
    if (step % 50) continue;
    metrics.push({ step, split: 'validation', values: valuesAt(t, validation, '') });
  }
  const config = configuration({ network: 'fashion', steps: 1000, trainLimit: 2000, ...settings });
  return { config, status: 'finished', metrics };
}

/** From 0.8 down to 0.4 at t = 0.5, and up again to 0.5. */
const valley = (t: number): number => (t < 0.5 ? 0.8 - 0.8 * t : 0.4 + 0.2 * (t - 0.5));
const falling = (t: number): number => 0.5 - 0.3 * t;
const rising = (t: number): number => 0.5 + 0.3 * t;
const noisy = (f: (t: number) => number, share: number): ((t: number) => number) => {
  const random = seededRandom(1);
  return (t) => f(t) * (1 + share * randomNormal(random));
};

describe('overfitting', () => {
  const hard = { strategy: 'batch_hard' } as const;

  it('is a validation loss that rises while the training loss falls', async () => {
    const findings = await diagnose(record(hard, { loss: falling }, { loss: valley }));
    const { seen, tryNext } = expectFinding(findings, { kind: 'overfitting', severity: 'warning' });
    expect(seen).toMatch(/lowest around step 550 and has risen by 20\u00a0% since/);
    expect(seen).toMatch(/from 0\.41 to 0\.49, the training loss went from 0\.335 to 0\.215\.$/);
    expect(tryNext).toContain('steps: 550');
  });

  it.each<[string, Partial<Configuration>, Record<string, (t: number) => number>, string]>([
    ['precision@1 falls', {}, { precisionAt1: (t) => 0.95 - 0.1 * t }, 'warning'],
    ['precision@1 rises', {}, { precisionAt1: (t) => 0.8 + 0.1 * t }, 'note'],
    ['softmax is right as often', { strategy: 'softmax' }, { accuracy: () => 0.9 }, 'note'],
    ['fewer triplets are positive', {}, { fractionPositive: (t) => 0.5 - 0.4 * t }, 'note'],
    ['more triplets are positive', {}, { fractionPositive: rising }, 'warning'],
    ['as many anchors are positive', hard, { fractionPositive: () => 0.3 }, 'warning'],
  ])('is judged by more than the loss: %s', async (_, settings, validation, severity) => {
    const run = record(settings, { loss: falling }, { loss: valley, ...validation });
    expectFinding(await diagnose(run), { kind: 'overfitting', severity } as Finding);
  });

  it.each<[string, (t: number) => number, (t: number) => number]>([
    ['both losses fall', falling, falling],
    ['both losses rise', rising, rising],
    ['the validation loss only wobbles', falling, noisy(() => 0.4, 0.03)],
    ['it rises at the last evaluation alone', falling, (t) => (t < 0.96 ? 0.4 : 0.45)],
  ])('is not where %s', async (_, train, validation) => {
    const findings = await diagnose(record(hard, { loss: train }, { loss: validation }));
    expect(kinds(findings)).not.toContain('overfitting');
  });
});

describe('still learning', () => {
  const flat = (): number => 0.4;

  it('is a fraction positive that falls under a loss that stands still', async () => {
    const fractionPositive = noisy(falling, 0.05);
    const loss = noisy(flat, 0.01);
    const run = record({}, { loss, fractionPositive }, { loss: flat, fractionPositive: falling });
    const findings = await diagnose(run);
    const { seen, tryNext } = expectFinding(findings, { kind: 'still-learning', severity: 'note' });
    expect(seen).toMatch(
      /fraction positive fell by \d+\u00a0%, to 0\.2\d*, and the loss stood still/,
    );
    expect(tryNext).toContain('Train longer');
    expect(kinds(findings)).toEqual(['still-learning']);
  });

  it('says so where validation does not follow', async () => {
    const fractionPositive = falling;
    const run = record({}, { loss: flat, fractionPositive }, { fractionPositive: flat });
    const { seen, tryNext } = expectFinding(await diagnose(run), { kind: 'still-learning' });
    expect(seen).toMatch(/In validation fraction positive stood still\.$/);
    expect(tryNext).toContain('hardly improves');
  });

  it('is not where the fraction only varies', async () => {
    const run = record({}, { loss: falling, fractionPositive: noisy(() => 0.1, 0.3) });
    expect(kinds(await diagnose(run))).toEqual([]);
  });
});

describe('a loss at the margin', () => {
  const distances = { betweenClassDistance: () => 0.3, withinClassDistance: () => 0.3 };

  it.each<[Partial<Configuration>, number]>([
    [{ strategy: 'batch_hard', margin: 0.5 }, 0.5],
    [{ strategy: 'batch_hard', margin: 'soft' }, 0.693],
    [{ strategy: 'batch_all', margin: 1 }, 1.005],
  ])('is named, and whether the embeddings are on one point: %j', async (settings, at) => {
    const loss = (t: number): number => at + 0.3 * Math.exp(-20 * t);
    const unmeasured = record(settings, { loss, fractionPositive: () => 1 });
    const { why } = expectFinding(await diagnose(unmeasured), { kind: 'loss-at-margin' });
    expect(why).toContain('did not measure its distances');
    const measured = record(settings, { loss, fractionPositive: () => 1, ...distances });
    const found = expectFinding(await diagnose(measured), { kind: 'loss-at-margin' });
    expect(found.why).toContain('up to 0.3');
    const near = Object.keys(distances).map((name) => [name, (t: number) => 1e-3 / t]);
    const collapsed = record(settings, {
      loss,
      fractionPositive: () => 1,
      ...Object.fromEntries(near),
    });
    expect(kinds(await diagnose(collapsed))).toEqual(['collapse']);
  });

  it('is chance where only part of the triplets is positive', async () => {
    const run = record({ margin: 0.5 }, { loss: () => 0.5, fractionPositive: () => 0.4 });
    expect(kinds(await diagnose(run))).not.toContain('loss-at-margin');
  });
});

describe('what is on record', () => {
  it('may hold null for what was not finite, and no training at all', async () => {
    const run = record({}, { loss: (t) => (t > 0.5 ? (null as unknown as number) : falling(t)) });
    const { seen } = expectFinding(await diagnose(run), { kind: 'non-finite' });
    expect(seen).toBe('Train mean loss is not finite at step 510.');
    expect(await diagnose({ ...run, metrics: [] })).toEqual([]);
    const failed = { ...run, status: 'failed' as const, error: 'no data.', metrics: [] };
    expect(expectFinding(await diagnose(failed), { kind: 'failed' }).seen).toContain('no data.');
  });

  it('is judged by severity first', async () => {
    const run = record(
      { strategy: 'batch_hard', batchSize: 4 },
      { loss: falling },
      { loss: valley, precisionAt1: rising },
    );
    expect((await diagnose(run)).map(({ severity }) => severity)).toEqual(['problem', 'note']);
  });
});
