import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { terminalText } from '../data/terminal-text';
import { defaultRunsFolder } from '../experiment/run-folder';
import { differingSettings } from '../experiment/sweep/trials';
import { removeRun, setAside } from '../experiment/registry/keep-runs';
import { openRegistry, type Registry } from '../experiment/registry/registry';
import type { DamagedRun, RunEntry } from '../experiment/registry/scan-runs';
import { plainTable } from '../figure/table-plain';
import type { TableValue } from '../figure/table-text';
import { parsed, UsageError, type Command } from './command';

const HELP = `tripletlab runs [options]

Lists the runs in results/runs and results/paper: what they were and what they came to (loss and
precision@1 of the validation images). Folders that no run can be read from are named under the list,
with the reason, and left out. Of the actions below at most one is done.

  --where SQL        only runs of which this holds: a condition over the columns of the table 'runs'
  --sort SQL         the order: one or more columns, such as 'precisionAt1 desc'; default: by name
  --folder PATH      the runs in this folder, such as one that was shared; default: as above
  --json             the runs as JSON, with all columns, and the damaged folders

  --compare A B ...  instead of a list, the settings and figures in which these runs differ
  --remove RUN       deletes the folder of a run; not of one that is being trained, or a published one
  --set-aside        moves damaged folders, as they are, from results/runs to results/damaged
                     (from PATH to a folder 'damaged' beside it)
  --yes              does not ask before it removes

RUN, A and B are names of runs or beginnings of a name that only one run has. Columns: id, status
('finished', 'training', 'unfinished'), isPublished, every setting (margin, strategy, seed, steps, ...),
stepsDone, loss, fractionPositive, accuracy, precisionAt1, validation['...'], seconds, finishedAt,
usedEngine, cpu, trainingRevision and others, which --json shows.

Examples
  tripletlab runs --where "margin > 1 and status = 'finished'" --sort "precisionAt1 desc"
  tripletlab runs --where "dataset = 'fashion-mnist' and finishedAt > now() - interval 1 day"
  tripletlab runs --compare mnist-margin-0.5 mnist-margin-3
  tripletlab runs --remove sweep-margin-5-seed-2 --yes`;

/** Lists, filters, compares and removes runs. */
export const runsCommand: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = parsed(() =>
      parseArgs({
        args,
        allowPositionals: true,
        options: {
          folder: { type: 'string' },
          where: { type: 'string' },
          sort: { type: 'string' },
          json: { type: 'boolean', default: false },
          compare: { type: 'boolean', default: false },
          remove: { type: 'string' },
          'set-aside': { type: 'boolean', default: false },
          yes: { type: 'boolean', default: false },
        },
      }),
    );
    if (positionals.length > 0 && !values.compare) {
      throw new UsageError(`runs takes no '${positionals[0]}' without --compare`);
    }
    const { folder = defaultRunsFolder() } = values;
    const registry = await openRegistry(
      values.folder === undefined ? {} : { runsFolder: folder, publishedFolder: null },
    );
    try {
      if (values.remove !== undefined) return await remove(registry, values.remove, values.yes);
      if (values['set-aside']) return await setAllAside(registry.damaged(), folder);
      if (values.compare) return compare(registry.runs(), positionals);
      return await list(registry, values);
    } finally {
      registry.close();
    }
  },
};

async function list(
  registry: Registry,
  { where, sort, json }: { where?: string; sort?: string; json: boolean },
): Promise<number> {
  const condition = where === undefined ? '' : ` WHERE ${where}`;
  const order = sort === undefined ? '' : ` ORDER BY ${sort}`;
  const select = <Row>(columns: string): Promise<Row[]> =>
    registry.query<Row>(`SELECT ${columns} FROM runs${condition}${order}`);
  if (json) {
    const [runs, damaged] = [await select('*'), registry.damaged()];
    console.log(JSON.stringify({ runs, damaged }, null, 2));
    return 0;
  }
  const all = registry.runs();
  // A thousand runs take half a second to become a table, and a plain list asks nothing of one.
  const chosen = condition || order ? inOrder(all, await select<{ path: string }>('path')) : all;
  const damaged = registry.damaged();
  if (chosen.length > 0) console.log(listing(chosen));
  console.log(`${chosen.length} of ${all.length} runs`);
  if (damaged.length > 0) console.error(`\n${complaint(damaged)}`);
  return 0;
}

function inOrder(runs: readonly RunEntry[], rows: readonly { path: string }[]): RunEntry[] {
  const byPath = new Map(runs.map((run) => [run.path, run]));
  return rows.flatMap(({ path }) => byPath.get(path) ?? []);
}

/** What a list shows of a run, by the head of the column. */
const COLUMNS: Record<string, (run: RunEntry) => TableValue> = {
  run: ({ id }) => id,
  status: ({ status, isPublished }) => (isPublished ? 'published' : status),
  data: ({ config }) => config.dataset,
  strategy: ({ config }) => config.strategy,
  margin: ({ config }) => config.margin,
  seed: ({ config }) => config.seed,
  steps: ({ config: { steps }, stepsDone }) =>
    stepsDone === steps ? steps : `${stepsDone} of ${steps}`,
  loss: ({ summary }) => summary?.validation.loss,
  'precision@1': ({ summary }) => summary?.validation.precisionAt1,
};

function listing(runs: readonly RunEntry[]): string {
  return plainTable({
    columns: Object.keys(COLUMNS).map((name) => ({ name })),
    rows: runs.map((run) => Object.values(COLUMNS).map((of) => of(run))),
  });
}

function complaint(damaged: readonly DamagedRun[]): string {
  const lines = damaged.map(({ path, reason }) => terminalText(`  ${path}: ${reason}`));
  const movable = damaged.some(({ isPublished }) => !isPublished);
  const advice = movable ? "\n'tripletlab runs --set-aside' moves them out of the way." : '';
  return `Damaged, and left out:\n${lines.join('\n')}${advice}`;
}

function compare(runs: readonly RunEntry[], names: readonly string[]): number {
  if (names.length < 2) {
    throw new UsageError(`--compare takes two or more runs, got ${names.length}`);
  }
  const chosen = names.map((name) => find(runs, name));
  const settings = differingSettings(chosen.map(({ config }) => config));
  const figures = [...new Set(chosen.flatMap(({ summary }) => figureNames(summary)))];
  const rows: TableValue[][] = [
    ...settings.map((name) => [name, ...chosen.map(({ config }) => shown(config[name]))]),
    ['status', ...chosen.map(({ status }) => status)],
    ['steps done', ...chosen.map(({ stepsDone }) => stepsDone)],
    ...figures.map((name) => [name, ...chosen.map(({ summary }) => figureOf(summary, name))]),
    ['seconds', ...chosen.map(({ summary }) => summary?.seconds)],
    ['processor', ...chosen.map(({ environment }) => environment?.cpu)],
  ];
  console.log(
    plainTable({
      columns: [{ name: '' }, ...chosen.map(({ id }) => ({ name: id, align: 'right' as const }))],
      rows,
    }),
  );
  return 0;
}

function figureNames(summary: RunEntry['summary']): string[] {
  return Object.keys(summary?.validation ?? {});
}

function figureOf(summary: RunEntry['summary'], name: string): number | undefined {
  return summary && Object.hasOwn(summary.validation, name) ? summary.validation[name] : undefined;
}

function shown(setting: string | number | boolean | undefined): string | number {
  return typeof setting === 'number' ? setting : String(setting ?? 'all');
}

async function remove(registry: Registry, name: string, isSure: boolean): Promise<number> {
  const run = find(registry.runs(), name);
  if (!isSure && !(await confirm(`Remove ${terminalText(run.path)}?`))) return 1;
  await removeRun(run);
  console.log(`Removed: ${terminalText(run.path)}`);
  return 0;
}

/** @throws UsageError when there is nobody to ask */
async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('--remove needs --yes where nobody can be asked');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function setAllAside(damaged: readonly DamagedRun[], folder: string): Promise<number> {
  const movable = damaged.filter(({ isPublished }) => !isPublished);
  for (const run of movable) {
    const place = await setAside(run, join(dirname(resolve(folder)), 'damaged'));
    console.log(terminalText(`${run.path} is now ${place}: ${run.reason}`));
  }
  if (movable.length === 0) console.log('No run folder is damaged.');
  return 0;
}

/** @throws UsageError when no run, or more than one, is called so */
function find(runs: readonly RunEntry[], name: string): RunEntry {
  const exact = runs.filter(({ id }) => id === name);
  const found = exact.length > 0 ? exact : runs.filter(({ id }) => id.startsWith(name));
  if (found.length === 1) return found[0];
  const which = found.slice(0, 5).map(({ id }) => id);
  throw new UsageError(
    found.length === 0
      ? `no run is called '${name}'; 'tripletlab runs' lists them`
      : `${found.length} runs begin with '${name}': ${which.join(', ')}${found.length > 5 ? ', ...' : ''}`,
  );
}
