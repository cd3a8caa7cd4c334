import { existsSync, readdirSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectPath, projectRoot } from '../../data/project';
import { missing, ok, type Finding, type Question } from './check';

const GIGABYTE = 2 ** 30;

/** A run of 20 epochs takes a few megabytes; below this, the disk is about to be full. */
const ENOUGH_BYTES = GIGABYTE;

/** Folders of lib/ that are not compiled. */
const NO_SOURCES = ['bin', 'dist', 'node_modules', 'vendor'];

/** The oldest Node that loads ES modules by require(), which some packages are. */
const LEAST_NODE = [20, 19];

/** The machine and this library. */
export const MACHINE: Question[] = [
  { what: 'Node', essential: true, look: () => node(process.versions.node) },
  { what: 'Machine', look: machine },
  { what: 'Library', essential: true, look: library },
];

/** Where results are written. */
export const DISK: Question = { what: 'Disk', look: disk };

/** What is to be said of a version of Node, such as '20.20.0'. */
export function node(version: string): Finding {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  const recent = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  if (!recent) return missing(`${version} is too old: install 20.19 or later, such as 22 or 24`);
  return ok(
    `${version} (20.19 and later work${major >= 23 ? '; tfjs-node-gpu only up to 22' : ''})`,
  );
}

function machine(): Finding {
  const gigabytes = (bytes: number): string => (bytes / GIGABYTE).toFixed(1);
  return ok(
    `${cpus()[0]?.model ?? process.arch}, ${availableParallelism()} cores, ` +
      `${gigabytes(totalmem())} GB of memory, ${gigabytes(freemem())} free`,
  );
}

function library(): Finding {
  const built = projectPath('lib', 'dist', 'index.js');
  if (!existsSync(built)) return missing('not built: npm run build');
  const { mtimeMs } = statSync(built);
  const newer = sources().find((path) => statSync(path).mtimeMs > mtimeMs);
  return ok(newer === undefined ? 'built' : `built, but ${newer} is newer: npm run build`);
}

function sources(): string[] {
  const lib = projectPath('lib');
  return readdirSync(lib, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_SOURCES.includes(entry.name))
    .map(({ name }) => join(lib, name))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
}

async function disk(): Promise<Finding> {
  const results = projectPath('results');
  const { bavail, bsize } = await statfs(existsSync(results) ? results : projectRoot());
  const free = `${((bavail * bsize) / GIGABYTE).toFixed(1)} GB free for results/`;
  return bavail * bsize < ENOUGH_BYTES
    ? missing(`${free}: a run takes up to 10 MB, a report 5; delete what you can do without`)
    : ok(free);
}
