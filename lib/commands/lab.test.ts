import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { projectPath } from '../data/project';
import { requireBuild } from '../notebook/require-build';
import { findJupyterLab } from './jupyter-lab';

requireBuild();

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-lab-'));
  return () => rmSync(folder, { recursive: true });
});

/** A program of this name in the folder, with this shell script as its text. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

const NO_LAB = 'echo "no such command: lab" >&2; exit 1';

describe.skipIf(process.platform === 'win32')('findJupyterLab', () => {
  const find = (more = {}): Promise<unknown> => findJupyterLab({ PATH: folder, ...more });

  it('takes jupyter on PATH', async () => {
    const path = program('jupyter', 'echo 4.2.0');
    program('python3', 'echo 4.1.0');
    expect(await find()).toEqual({ program: path, args: ['lab'], version: '4.2.0' });
  });

  it('takes the module of python3 where jupyter has no lab', async () => {
    program('jupyter', NO_LAB);
    const path = program('python3', '[ "$1 $2" = "-m jupyterlab" ] && echo 4.1.0');
    expect(await find()).toEqual({ program: path, args: ['-m', 'jupyterlab'], version: '4.1.0' });
  });

  it('takes what TRIPLETLAB_JUPYTER names, and nothing else then', async () => {
    program('jupyter', 'echo 4.2.0');
    const named = program('my-jupyter', 'echo 4.3.0');
    for (const TRIPLETLAB_JUPYTER of [named, 'my-jupyter']) {
      expect(await find({ TRIPLETLAB_JUPYTER })).toMatchObject({
        program: named,
        version: '4.3.0',
      });
    }
    await expect(find({ TRIPLETLAB_JUPYTER: join(folder, 'missing') })).rejects.toThrow('ENOENT');
    await expect(find({ TRIPLETLAB_JUPYTER: 'missing' })).rejects.toThrow('no missing on PATH');
  });

  it('says of each why it is none', async () => {
    await expect(find()).rejects.toThrow(
      'no jupyter on PATH; no python3 on PATH (pip install jupyterlab)',
    );
    const path = program('jupyter', NO_LAB);
    await expect(find()).rejects.toThrow(
      `${path} has no JupyterLab: no such command: lab; no python3 on PATH`,
    );
  });
});

describe.skipIf(process.platform === 'win32')('tripletlab lab', () => {
  /** A jupyter that tells its version, and does this when it is started. */
  const jupyter = (script: string): string =>
    program('jupyter', `[ "$2" = --version ] && { echo 4.2.0; exit; }\n${script}`);

  /** Runs the command; `onText` hears what comes. */
  function lab(args: string[], environment = {}, onText?: (pid: number) => void) {
    const child = spawn(
      process.execPath,
      [projectPath('lib', 'bin', 'tripletlab.cjs'), 'lab', ...args],
      { cwd: tmpdir(), env: { PATH: `${folder}${delimiter}/bin`, ...environment } },
    );
    let out = '';
    let err = '';
    child.stdout.on('data', (text) => {
      out += text;
      onText?.(child.pid!);
    });
    child.stderr.on('data', (text) => (err += text));
    return new Promise<{ status: number | null; out: string; err: string }>((done) =>
      child.once('close', (status) => done({ status, out, err })),
    );
  }

  const TELL = 'pwd; echo "$JUPYTER_PATH"; for each in "$@"; do echo "$each"; done';

  it('starts JupyterLab in notebooks/, on loopback, with the kernel first on its path', async () => {
    jupyter(TELL);
    const { status, out } = await lab([], { JUPYTER_PATH: '/elsewhere' });
    const [directory, path, ...args] = out.trim().split('\n');
    expect(status).toBe(0);
    expect(directory).toBe(projectPath('notebooks'));
    expect(path).toBe(`${projectPath('lib', 'notebook')}${delimiter}/elsewhere`);
    expect(args.slice(0, 2)).toEqual(['lab', '--ServerApp.ip=127.0.0.1']);
    expect(out).not.toContain('token');
  });

  it('passes on port, browser and notebook', async () => {
    jupyter(TELL);
    const { out } = await lab(['--port', '9000', '--no-browser', '02']);
    const expected = [
      '--ServerApp.port=9000',
      '--ServerApp.port_retries=0',
      '--no-browser',
      projectPath('notebooks', '02-mnist-margin-1.ipynb'),
    ];
    expect(out.split('\n')).toEqual(expect.arrayContaining(expected));
  });

  it('works in the folder of a notebook that is elsewhere', async () => {
    jupyter(TELL);
    const notebook = join(folder, 'a notebook.ipynb');
    writeFileSync(notebook, '{}');
    const { out } = await lab([notebook]);
    expect(out.split('\n')[0]).toBe(folder);
    expect(out.trim().split('\n').at(-1)).toBe(notebook);
  });

  it('ends as JupyterLab ends', async () => {
    jupyter('exit 7');
    expect((await lab([])).status).toBe(7);
    jupyter('kill -9 $$');
    expect((await lab([])).status).toBe(137);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('passes on %s', async (signal) => {
    const name = signal.slice(3);
    jupyter(`trap 'echo stopped; exit 3' ${name}; echo started; while :; do sleep 0.1; done`);
    let isSent = false;
    const { status, out } = await lab([], {}, (pid) => {
      if (!isSent) process.kill(pid, signal);
      isSent = true;
    });
    expect(status).toBe(3);
    expect(out).toBe('started\nstopped\n');
  });

  it('says how to get JupyterLab, and what works without', async () => {
    const { status, out, err } = await lab([], { PATH: folder });
    expect(status).toBe(1);
    expect(out).toBe('');
    for (const part of [
      'no jupyter on PATH',
      'pip install',
      'conda install',
      'apt install',
      'npm start',
    ]) {
      expect(err).toContain(part);
    }
  });
});
