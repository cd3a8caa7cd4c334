import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { freePorts } from '../data/free-ports';
import { projectPath } from '../data/project';
import type { Peer } from '../data/require-peer';
import { withParameters, type Parameters } from '../notebook/parameters';
import { readNotebook, writeNotebook } from '../notebook/notebook-file';

/** Makes a JupyterLab of its own; see there. */
const DEBIAN_JUPYTER = join(__dirname, 'debian-jupyter');

/** The folder of a visit: notebooks, and what Jupyter keeps. Inside the project, for the imports. */
export const SCRATCH = projectPath('results', 'lab-test');

/** What JupyterLab prints, for who wants to know why a test fails. */
const LOG = join(SCRATCH, 'jupyter', 'log');

/** The jupyter to test with: the one that TRIPLETLAB_JUPYTER names, else Debian's. */
function jupyterProgram(): string {
  return process.env.TRIPLETLAB_JUPYTER ?? DEBIAN_JUPYTER;
}

/** JupyterLab 4, ready to be started. It is made where it has to be, which takes minutes. */
export const jupyterLab: Peer = {
  name: 'JupyterLab 4',
  problem() {
    const { error, status, stdout, stderr } = spawnSync(jupyterProgram(), ['lab', '--version'], {
      encoding: 'utf8',
    });
    if (error) return error.message;
    if (status !== 0) return stderr.trim().split('\n').at(-1);
    return /^4\./m.test(stdout) ? undefined : `${jupyterProgram()} is JupyterLab ${stdout.trim()}`;
  },
};

/**
 * A copy of a committed notebook in the scratch folder, with other parameters and not yet run.
 *
 * @param more sources of cells at its end
 */
export function copyNotebook(
  name: string,
  copy: string,
  parameters: Parameters,
  ...more: string[]
): string {
  const path = join(SCRATCH, copy);
  const notebook = withParameters(readNotebook(projectPath('notebooks', name)), parameters);
  for (const source of more) {
    const empty = { metadata: {}, execution_count: null, outputs: [] };
    notebook.cells.push({ cell_type: 'code', source, ...empty });
  }
  for (const cell of notebook.cells) {
    if (cell.cell_type !== 'code') continue;
    cell.outputs = [];
    cell.execution_count = null;
  }
  writeNotebook(path, notebook);
  return path;
}

/** An empty scratch folder, where Jupyter asks no questions and fetches no news. */
export function makeScratch(): void {
  rmSync(SCRATCH, { recursive: true, force: true });
  const settings = join(SCRATCH, 'jupyter', 'config', 'labconfig');
  mkdirSync(settings, { recursive: true });
  const quiet = { fetchNews: 'false', checkForUpdates: false };
  const overrides = { '@jupyterlab/apputils-extension:notification': quiet };
  writeFileSync(join(settings, 'default_setting_overrides.json'), JSON.stringify(overrides));
}

/** A running JupyterLab. */
export interface LabServer {
  /** The address at which a notebook of the scratch folder is opened; without one, JupyterLab's. */
  address(notebook?: string): string;
  /** The HTML that JupyterLab's File > Save and Export Notebook As makes of a saved notebook. */
  exported(notebook: string): Promise<string>;
  /** Ends it, as Ctrl-C does. */
  stop(): Promise<number | null>;
}

/** Starts JupyterLab in the scratch folder by `tripletlab lab`. */
export async function startLab(notebook: string): Promise<LabServer> {
  const [port] = await freePorts(1);
  const of = (name: string): string => join(SCRATCH, 'jupyter', name);
  const program = projectPath('lib', 'bin', 'tripletlab.cjs');
  const args = [program, 'lab', notebook, '--no-browser', '--port', String(port)];
  const child = spawn(process.execPath, args, {
    env: {
      ...process.env,
      TRIPLETLAB_JUPYTER: jupyterProgram(),
      JUPYTER_CONFIG_DIR: of('config'),
      JUPYTER_DATA_DIR: of('data'),
      JUPYTER_RUNTIME_DIR: of('runtime'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const token = await tokenOf(child);
  return {
    address(path) {
      const file = path === undefined ? '' : `/tree/${encodeURIComponent(basename(path))}`;
      return `http://127.0.0.1:${port}/lab${file}?reset&token=${token}`;
    },
    async exported(path) {
      const name = encodeURIComponent(basename(path));
      const url = `http://127.0.0.1:${port}/nbconvert/html/${name}?token=${token}`;
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
      return response.text();
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('close', resolve);
        child.kill('SIGINT');
      }),
  };
}

/** The token, which JupyterLab prints once it serves. */
function tokenOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    const hear = (text: Buffer): void => {
      log += String(text);
      writeFileSync(LOG, log);
      const token = /http:\/\/127\.0\.0\.1:\d+\/\S*[?&]token=(\w+)/.exec(log)?.[1];
      if (token !== undefined) resolve(token);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('close', (status) =>
      reject(new Error(`JupyterLab ended with exit status ${status}:\n${log}`)),
    );
  });
}
