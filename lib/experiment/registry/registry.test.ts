import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exclusively } from '../../data/exclusively';
import { projectPath } from '../../data/project';
import { loadRun, type Run } from '../run';
import { copyRun, folderWithRun, TINY } from '../runs.test-support';
import { removeRun, setAside } from './keep-runs';
import { openRegistry, type Registry } from './registry';

let parent: string;
let runsFolder: string;
let original: Run;
let registry: Registry;
beforeAll(async () => {
  ({ parent, runsFolder, run: original } = await folderWithRun());
  registry = await openRegistry({ runsFolder, publishedFolder: null });
});
afterAll(() => {
  registry.close();
  rmSync(parent, { recursive: true });
});

/** A copy of the run with other contents of a JSON file. */
function altered(
  name: string,
  file: string,
  change: (value: Record<string, unknown>) => void,
): string {
  const path = copyRun(original, name);
  const value = JSON.parse(readFileSync(join(path, file), 'utf8')) as Record<string, unknown>;
  change(value);
  writeFileSync(join(path, file), JSON.stringify(value));
  return path;
}

describe('SQL', () => {
  it('sees settings, figures and environment of a run', async () => {
    const [row] = await registry.query('SELECT * FROM runs');
    const { config, summary, environment, id, directory } = original;
    const { margin, batchSize, seed, steps } = config;
    expect(row).toMatchObject({ id, path: directory, margin, batchSize, seed, steps });
    expect(row).toMatchObject({ status: 'finished', isPublished: false, isSoftMargin: false });
    expect(row).toMatchObject({ validation: summary.validation, train: summary.train });
    expect(row).toMatchObject({ loss: summary.validation.loss, seconds: summary.seconds });
    expect(row).toMatchObject({ cpu: environment.cpu, usedEngine: environment.engine });
    expect(row.finishedAt).toBeInstanceOf(Date);
  });

  it('sees every figure of the metrics', async () => {
    const rows = await registry.query<{
      step: number;
      split: string;
      metric: string;
      value: number;
    }>(`SELECT step, split, metric, value FROM metrics WHERE run = '${original.id}'`);
    const expected = original.metrics.flatMap(({ step, split, values }) =>
      Object.entries(values).map(([metric, value]) => ({ step, split, metric, value })),
    );
    expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(
      new Set(expected.map((row) => JSON.stringify(row))),
    );
    expect(rows).toHaveLength(expected.length);
  });

  it('sees what has changed since', async () => {
    const count = async (table: string): Promise<number> =>
      (await registry.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0].n;
    const [runs, metrics] = [await count('runs'), await count('metrics')];
    const soft = altered('tiny-soft', 'config.json', (config) => {
      config.margin = 'soft';
      config.strategy = 'batch_hard';
    });
    expect(await count('runs')).toBe(runs + 1);
    expect(await count('metrics')).toBe(2 * metrics);
    expect(await registry.query('SELECT id, margin FROM runs WHERE isSoftMargin')).toEqual([
      { id: 'tiny-soft', margin: null },
    ]);
    appendFileSync(
      join(soft, 'metrics.jsonl'),
      '{"step":9,"split":"train","values":{"loss":1}}\n{"step":10,',
    );
    expect(await count('metrics')).toBe(2 * metrics + 1);
    rmSync(soft, { recursive: true });
    expect(await count('runs')).toBe(runs);
    expect(await count('metrics')).toBe(metrics);
  });

  it.each([
    ['SELECT nothing FROM runs', /^query: Binder Error: .*nothing/],
    ['nonsense', /^query: Parser Error: syntax error/],
    ['SELECT 1; SELECT 2', /takes one statement, got 2/],
    ['DELETE FROM runs', /read-only/],
    ['DROP TABLE metrics', /read-only/],
    [`COPY runs TO '/tmp/tripletlab-copy.csv'`, /file system operations are disabled/],
    [`SELECT * FROM read_text('/etc/hostname')`, /file system operations are disabled/],
    [`ATTACH '/tmp/tripletlab.duckdb'`, /file system operations are disabled/],
    ['SET enable_external_access = true', /Cannot/],
    ['INSTALL httpfs', /disabled/],
  ])('cannot do more than read the tables: %s', async (sql, message) => {
    await expect(registry.query(sql)).rejects.toThrow(message);
    expect(await registry.query('SELECT id FROM runs')).toHaveLength(1);
  });

  it('is answered when many ask at a time', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => registry.query<{ n: number }>(`SELECT ${n} AS n FROM runs`)),
    );
    expect(answers.map(([{ n }]) => n)).toEqual([1, 2, 3, 4]);
  });

  it('answers for the published runs of the project', async () => {
    const all = await openRegistry({ runsFolder: join(parent, 'none') });
    expect(all.damaged()).toEqual([]);
    expect(
      await all.query(`SELECT margin, loss < 2 AS learns FROM runs WHERE name LIKE 'mnist-margin-%'
        AND isPublished ORDER BY margin`),
    ).toEqual([0.5, 1, 3].map((margin) => ({ margin, learns: true })));
    all.close();
  });
});

/** Ways to damage the run folder at `path`, and what is said of it. */
const DAMAGES: [string, (path: string) => void, RegExp][] = [
  [
    'config that is cut short',
    (path) => truncateSync(join(path, 'config.json'), 9),
    /config\.json/,
  ],
  [
    'config of another kind',
    (path) => writeFileSync(join(path, 'config.json'), '[]'),
    /config\.json.*settings/,
  ],
  [
    'config that names a path',
    (path) => writeFileSync(join(path, 'config.json'), '{"name":"../../etc"}'),
    /name: must be a-z/,
  ],
  ['no config', (path) => rmSync(join(path, 'config.json')), /config\.json is missing/],
  [
    'no environment',
    (path) => rmSync(join(path, 'environment.json')),
    /environment\.json is missing/,
  ],
  [
    'text for a figure',
    (path) =>
      writeFileSync(
        join(path, 'summary.json'),
        JSON.stringify({
          ...original.summary,
          validation: { loss: '<img src=x onerror=alert(1)>' },
        }),
      ),
    /summary\.json.*validation\.loss/,
  ],
  ['no weights', (path) => rmSync(join(path, 'weights.bin')), /weights\.bin/],
  [
    'short weights',
    (path) => truncateSync(join(path, 'weights.bin'), 500),
    /weights\.bin has|header/,
  ],
  [
    'metrics of another kind',
    (path) => writeFileSync(join(path, 'metrics.jsonl'), '<html>\n'),
    /metrics\.jsonl has a line that is no JSON object/,
  ],
  [
    'a link to a file',
    (path) => {
      rmSync(join(path, 'summary.json'));
      symlinkSync('/etc/hostname', join(path, 'summary.json'));
    },
    /summary\.json is a link/,
  ],
];

describe('a damaged run folder', () => {
  it.each(DAMAGES)('with %s is reported, and left out', async (_, damage, reason) => {
    const path = copyRun(original, 'damaged');
    damage(path);
    expect(await registry.query('SELECT id FROM runs')).toEqual([{ id: original.id }]);
    expect(registry.damaged()).toEqual([
      { path, isPublished: false, reason: expect.stringMatching(reason) },
    ]);
    // Weights are read when they are needed.
    if (!/weights/.test(reason.source)) await expect(loadRun(path)).rejects.toThrow();
    rmSync(path, { recursive: true });
  });

  it('may be a file, a link, or have any name', async () => {
    writeFileSync(join(runsFolder, 'file'), '');
    symlinkSync('/', join(runsFolder, 'link'));
    symlinkSync('nowhere', join(runsFolder, 'nowhere'));
    const hostile = copyRun(original, '<img src=x onerror=alert(1)>');
    mkdirSync(join(runsFolder, '.hidden'));
    mkdirSync(join(runsFolder, 'empty'));
    expect(registry.damaged().map(({ path }) => basename(path))).toEqual([
      basename(hostile),
      'file',
      'link',
      'nowhere',
    ]);
    expect(registry.runs().map(({ id }) => id)).toEqual([original.id]);
    const damagedFolder = join(parent, 'damaged');
    for (const run of registry.damaged()) await setAside(run, damagedFolder);
    writeFileSync(join(runsFolder, 'file'), '');
    await setAside(registry.damaged()[0], damagedFolder);
    expect(registry.damaged()).toEqual([]);
    expect(readdirSync(damagedFolder).sort()).toEqual([
      basename(hostile),
      'file',
      'file-2',
      'link',
      'nowhere',
    ]);
    expect(existsSync('/etc')).toBe(true);
    for (const name of ['.hidden', 'empty']) rmSync(join(runsFolder, name), { recursive: true });
  });
});

describe('a run', () => {
  it('that is not finished is listed as far as it came', () => {
    const path = copyRun(original, 'cut-off');
    rmSync(join(path, 'summary.json'));
    appendFileSync(join(path, 'metrics.jsonl'), '{"step":77,"split":"tra');
    const find = (): unknown => registry.runs().find(({ id }) => id === 'cut-off');
    expect(find()).toMatchObject({ status: 'unfinished', stepsDone: TINY.steps });
    mkdirSync(join(path, 'lock'));
    expect(find()).toMatchObject({ status: 'training' });
    utimesSync(join(path, 'lock'), 1, 1);
    expect(find()).toMatchObject({ status: 'unfinished' });
    rmSync(path, { recursive: true });
  });

  it('is removed, unless it is being trained or is published', async () => {
    const path = copyRun(original, 'unwanted');
    const run = registry.runs().find(({ id }) => id === 'unwanted')!;
    await exclusively(path, async () => {
      await expect(removeRun(run)).rejects.toThrow('unwanted is being trained');
    });
    await expect(removeRun({ ...run, isPublished: true })).rejects.toThrow('published');
    expect(existsSync(join(path, 'summary.json'))).toBe(true);
    // What a crash left of an earlier removal goes with it.
    mkdirSync(join(runsFolder, '.removed-1-old'));
    await removeRun(run);
    expect(readdirSync(runsFolder)).toEqual([original.id]);
    expect(registry.runs()).toHaveLength(1);
  });
});

it('lists 1,000 runs', async () => {
  const many = join(parent, 'many');
  for (let i = 0; i < 1000; i++) {
    const path = copyRun(original, `../many/tiny-${i}`);
    writeFileSync(
      join(path, 'config.json'),
      JSON.stringify({ ...original.config, seed: i, margin: 0.5 + (i % 4) }),
    );
  }
  truncateSync(join(many, 'tiny-500', 'config.json'), 20);
  const registry = await openRegistry({ runsFolder: many, publishedFolder: projectPath('none') });
  expect(
    await registry.query('SELECT margin, count(*) AS n FROM runs GROUP BY margin ORDER BY margin'),
  ).toEqual([0.5, 1.5, 2.5, 3.5].map((margin) => ({ margin, n: margin === 0.5 ? 249 : 250 })));
  const [{ n }] = await registry.query<{ n: number }>(
    'SELECT count(DISTINCT run) AS n FROM metrics',
  );
  expect(n).toBe(999);
  expect(registry.damaged()).toHaveLength(1);
  registry.close();
});
