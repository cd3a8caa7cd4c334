import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { projectPath } from '../../data/project';
import { answer, missing, type MachineCheck } from './check';
import { examineMachine } from './examine-machine';
import { jupyterQuestions } from './jupyter';
import { node } from './machine';
import { packageQuestions } from './packages';
import type { Environment } from './program';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripletlab-doctor-'));
  return () => rmSync(folder, { recursive: true });
});

function named(checks: MachineCheck[], what: string): MachineCheck {
  const check = checks.find((each) => each.what === what);
  if (!check) throw new Error(`nothing was said of ${what}`);
  return check;
}

async function jupyter(environment: Environment): Promise<MachineCheck[]> {
  return Promise.all(jupyterQuestions(environment).map(answer));
}

/** A program that prints this. */
function program(name: string, text: string, status = 0): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho '${text}'\nexit ${status}\n`, { mode: 0o755 });
  return path;
}

describe('examineMachine', () => {
  it('finds the essentials in order here, and says one line of everything', async () => {
    const checks = await examineMachine();
    const essentials = checks.filter(({ essential }) => essential);
    expect(essentials.map(({ what }) => what)).toEqual(['Node', 'Library', 'onnxruntime', 'MNIST']);
    for (const { what, mark } of essentials) expect(`${what}: ${mark}`).toBe(`${what}: ok`);
    for (const { mark, detail } of checks) {
      expect(['ok', 'missing', 'optional']).toContain(mark);
      expect(detail).toMatch(/^[^\n]{3,400}$/);
    }
    expect(named(checks, "Engine 'auto'").detail).toMatch(/^is '\w+' here: /);
    expect(named(checks, 'onnxruntime').detail).toContain(`${process.platform} ${process.arch}`);
    expect(new Set(checks.map(({ what }) => what)).size).toBe(checks.length);
  });

  it('finds no Jupyter without a PATH, and says what to do', async () => {
    for (const PATH of [undefined, '', delimiter, '.', folder, `${folder}${delimiter}\n`]) {
      const checks = await jupyter({ PATH });
      expect(named(checks, 'JupyterLab')).toMatchObject({
        mark: 'missing',
        detail: 'no jupyter on PATH; no python3 on PATH (pip install jupyterlab)',
      });
      expect(named(checks, 'nbconvert').mark).toBe('optional');
      expect(named(checks, "Kernel's Node").detail).toMatch(/^no node on PATH/);
    }
  });
});

describe('JupyterLab', () => {
  it('is the one that PATH finds first', async () => {
    const path = program('jupyter', '4.2.0');
    const check = named(await jupyter({ PATH: `/nowhere${delimiter}${folder}` }), 'JupyterLab');
    expect(check.mark).toBe('ok');
    expect(check.detail).toMatch(`4.2.0 (${path} lab)`);
  });

  it.skipIf(process.platform === 'win32').each([
    ['fails', 'oh no', 3],
    ['is killed', '"; kill -9 $$; echo "', 0],
  ])('that %s is missing', async (_, text, status) => {
    writeFileSync(join(folder, 'jupyter'), `#!/bin/sh\necho "${text}" >&2\nexit ${status}\n`, {
      mode: 0o755,
    });
    const check = named(await jupyter({ PATH: folder }), 'JupyterLab');
    expect(check.mark).toBe('missing');
    expect(check.detail).toContain('(pip install jupyterlab)');
  });

  it('is no folder, and no file that may not be run', async () => {
    mkdirSync(join(folder, 'jupyter'));
    writeFileSync(join(folder, 'node'), '');
    const checks = await jupyter({ PATH: folder });
    expect(named(checks, 'JupyterLab').detail).toMatch(/^no jupyter on PATH/);
    expect(named(checks, "Kernel's Node").detail).toMatch(/^no node on PATH/);
  });
});

describe('the kernelspec', () => {
  const ours = projectPath('lib', 'notebook');
  const check = async (JUPYTER_PATH?: string): Promise<MachineCheck> =>
    named(await jupyter({ JUPYTER_PATH }), 'Kernelspec');

  /** A folder with a kernelspec of this text. */
  const specs = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(join(path, 'kernels', 'tslab'), { recursive: true });
    writeFileSync(join(path, 'kernels', 'tslab', 'kernel.json'), text);
    return path;
  };

  it('is found on JUPYTER_PATH, wherever it stands there', async () => {
    symlinkSync(ours, join(folder, 'link'));
    for (const path of [ours, `${ours}/`, join(folder, 'link'), `${folder}${delimiter}${ours}`]) {
      expect(await check(path)).toMatchObject({
        mark: 'ok',
        detail: 'lib/notebook is on JUPYTER_PATH: TypeScript (tslab)',
      });
    }
  });

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['separators', delimiter.repeat(1000)],
    ['what does not exist', '/nowhere'],
    ['a file', __filename],
    ['names that look like commands', `$(exit 1)${delimiter}; exit 1${delimiter}"'\`\\`],
    ['a null byte', 'a\0b'],
    ['line breaks', '\n\r\n'],
    ['a very long path', 'a/'.repeat(100_000)],
    ['no text at all', '\ud800\uffff'],
  ])('is missing, with what to set, when JUPYTER_PATH is %s', async (_, path) => {
    const { mark, detail } = await check(path);
    expect(mark).toBe('missing');
    expect(detail).toContain(`JUPYTER_PATH="${ours}" jupyter lab notebooks`);
  });

  it.each([['{'], ['null'], ['5'], [''], ['{"display_name": {"toString": 1}}']])(
    'may be damaged elsewhere: %s',
    async (text) => {
      const damaged = specs('damaged', text);
      expect((await check(damaged)).mark).toBe('missing');
      expect((await check(`${damaged}${delimiter}${ours}`)).mark).toBe('ok');
    },
  );

  it('is hidden by another that comes first', async () => {
    const other = specs('other', '{"display_name": "TypeScript"}');
    expect(await check(`${other}${delimiter}${ours}`)).toMatchObject({
      mark: 'missing',
      detail: expect.stringContaining(`another tslab kernel first, in ${other}`),
    });
  });

  it('starts the node that PATH finds, whose version counts', async () => {
    program('node', 'v18.20.0');
    expect(named(await jupyter({ PATH: folder }), "Kernel's Node")).toMatchObject({
      mark: 'missing',
      detail: expect.stringContaining('18.20.0 is too old'),
    });
  });
});

describe('node', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['22.0.0', 'ok'],
    ['24.1.2', 'ok'],
    ['20.18.9', 'missing'],
    ['18.20.0', 'missing'],
    ['', 'missing'],
    ['nonsense', 'missing'],
  ])('%s is %s', (version, mark) => expect(node(version).mark).toBe(mark));

  it('says from which version on tfjs-node-gpu does not load', () => {
    expect(node('24.0.0').detail).toContain('tfjs-node-gpu only up to 22');
    expect(node('22.9.0').detail).not.toContain('tfjs-node-gpu');
  });
});

describe('Chromium and PyTorch', () => {
  it('are optional, wherever the variables point', async () => {
    for (const path of ['/nowhere', folder, __filename, '', 'a\0b', program('fails', 'x', 1)]) {
      const environment = { TRIPLETLAB_CHROMIUM: path, TRIPLETLAB_PYTHON: path };
      const checks = await Promise.all(packageQuestions(environment).map(answer));
      expect(named(checks, 'Chromium').mark).toBe('optional');
      expect(named(checks, 'PyTorch').mark).toBe('optional');
    }
  });
});

describe('answer', () => {
  it('turns an error into a finding', async () => {
    const look = (): never => {
      throw new Error('broken\n  at somewhere');
    };
    const check = { what: 'It', essential: true, ...missing('broken') };
    expect(await answer({ what: 'It', essential: true, look })).toEqual(check);
  });
});
