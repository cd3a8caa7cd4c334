import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../data/project';
import type { TableValue } from '../../figure/table-text';
import { configure } from '../../experiment/preset';
import { openRegistry } from '../../experiment/registry/registry';
import { run } from '../../experiment/run';
import { bar } from '../bar';
import { showProgress, type Section } from '../section';
import { spread } from '../statistics';
import { workloads } from '../workload';

const EXPLANATION = `\
Folders of a finished run with 160 lines of metrics, each with another seed, read by the registry: 'command' is the whole of \`tripletlab runs\` as a process of its own, 'open' the first statement of a registry that was just opened, 'again' the same one when nothing has changed, 'metrics' the first statement that reads them.`;

const SECONDS = { name: 's', digits: 3 };

/** How long a list of many runs takes. */
export const registry: Section = {
  name: 'registry',
  summary: 'listing 1,000 runs, and SQL over them',
  workloads: workloads({ network: ['none'], loss: ['runs'], batch: [1000], threads: [1] }),
  quick: ['1000'],
  async measure([{ batch: count }], { rounds }) {
    const parent = mkdtempSync(join(tmpdir(), 'tripletlab-registry-'));
    try {
      const runsFolder = await manyRuns(parent, count);
      const times: Record<string, number[]> = { command: [], open: [], again: [], metrics: [] };
      for (let round = 1; round <= rounds; round++) {
        showProgress('registry', round, rounds, `${count} runs`);
        times.command.push(listByCommand(runsFolder));
        const opened = await openRegistry({ runsFolder, publishedFolder: null });
        const seconds = (sql: string): Promise<number> => secondsOf(() => opened.query(sql));
        times.open.push(await seconds('SELECT * FROM runs ORDER BY precisionAt1'));
        times.again.push(await seconds('SELECT * FROM runs ORDER BY precisionAt1'));
        times.metrics.push(await seconds('SELECT metric, avg(value) FROM metrics GROUP BY metric'));
        opened.close();
      }
      const rows = Object.entries(times).map(([what, measured]): TableValue[] => {
        const { median, low, high } = spread(measured);
        return [what, count, median, low, high];
      });
      const columns = [
        { name: 'what' },
        { name: 'runs' },
        SECONDS,
        { ...SECONDS, name: '10 %' },
        { ...SECONDS, name: '90 %' },
      ];
      const notes = [bar(`${count} runs listed, s`, spread(times.command).median, { below: 1 })];
      return { explanation: EXPLANATION, columns, rows, notes };
    } finally {
      rmSync(parent, { recursive: true });
    }
  },
};

/** Trains one run and copies its folder. */
async function manyRuns(parent: string, count: number): Promise<string> {
  const overrides = { steps: 80, logEvery: 1, evaluateEvery: 1, batchSize: 16, testLimit: 60 };
  const config = configure({ name: 'run', network: 'fashion' }, 'smoke', overrides);
  const { directory } = await run(config, { runsFolder: join(parent, 'original') });
  const runsFolder = join(parent, 'runs');
  for (let seed = 1; seed <= count; seed++) {
    const path = join(runsFolder, `run-${String(seed).padStart(4, '0')}`);
    cpSync(directory, path, { recursive: true });
    const file = join(path, 'config.json');
    const original = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...original, seed }));
  }
  return runsFolder;
}

function listByCommand(folder: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [projectPath('lib', 'bin', 'tripletlab.cjs'), 'runs', '--folder', folder],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`registry: tripletlab runs failed: ${stderr}`);
  return (performance.now() - start) / 1000;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
