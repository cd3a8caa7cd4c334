import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '../data/project';
import { isMissing, pythonModule } from '../data/require-peer';
import { executeNotebook, type NotebookEvent } from './execute-notebook';
import type { CodeCell, Output } from './notebook';
import { readNotebook, writeNotebook } from './notebook-file';
import { requireBuild } from './require-build';

requireBuild();

const LONG = 90_000;
const library = JSON.stringify(projectPath('lib', 'dist')).slice(1, -1);
let folder: string;

beforeAll(() => {
  // Inside the project, where a cell finds the types of Node.
  mkdirSync(projectPath('results'), { recursive: true });
  folder = mkdtempSync(projectPath('results', 'test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function codeCell(source: string, ...tags: string[]): CodeCell {
  return { cell_type: 'code', metadata: { tags }, source, execution_count: null, outputs: [] };
}

/** Runs a notebook of these cells. */
async function execute(
  cells: (CodeCell | string)[],
  options: Partial<Parameters<typeof executeNotebook>[1]> = {},
) {
  const path = join(folder, 'notebook.ipynb');
  const output = join(folder, 'made', 'executed.ipynb');
  rmSync(output, { force: true });
  const code = cells.map((cell) => (typeof cell === 'string' ? codeCell(cell) : cell));
  const title = { cell_type: 'markdown' as const, metadata: {}, source: '# Title' };
  writeNotebook(path, { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [title, ...code] });
  const before = readFileSync(path, 'utf8');
  const events: NotebookEvent[] = [];
  const onEvent = (event: NotebookEvent): void => {
    events.push(event);
    options.onEvent?.(event);
  };
  const result = await executeNotebook(path, { ...options, output, onEvent });
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(result.path).toBe(output);
  const executed = readNotebook(output).cells.slice(1) as CodeCell[];
  return { result, executed, outputs: executed.map((cell) => cell.outputs), events };
}

function text(outputs: Output[]): string {
  return outputs.map((output) => (output.output_type === 'stream' ? output.text : '')).join('');
}

describe('executeNotebook', { timeout: LONG }, () => {
  it('runs the cells in order in the notebook’s folder, and says how far it is', async () => {
    const { result, executed, outputs, events } = await execute([
      'const x: number = 20;',
      '  ',
      'console.log(x + 1); for (const word of ["a", "b"]) process.stdout.write(word);',
      'import { basename } from "path"; basename(process.cwd()).startsWith("test-")',
    ]);
    expect(result).toMatchObject({ status: 'ok', message: '3 cells' });
    expect(outputs.map(text)).toEqual(['', '', '21\nab', 'true\n']);
    expect(outputs[2]).toHaveLength(1);
    expect(executed.map((cell) => cell.execution_count)).toEqual([1, null, 2, 3]);
    const cells = events
      .filter(({ type }) => type !== 'text')
      .map(({ type, cell }) => [type, cell]);
    expect(cells).toEqual([
      ['cell-started', 1],
      ['cell-finished', 1],
      ['cell-started', 2],
      ['cell-finished', 2],
      ['cell-started', 3],
      ['cell-finished', 3],
    ]);
    expect(events[0]).toMatchObject({ cells: 3, source: 'const x: number = 20;' });
  });

  it('gives parameters new values', async () => {
    const cells = [codeCell("const parameters = { preset: 'quick', seed: 1 };", 'parameters')];
    const shown = codeCell('console.log(parameters.preset, parameters.seed);');
    const parameters = { preset: 'smoke' };
    const { result, outputs } = await execute([...cells, shown], { parameters });
    expect(result.status).toBe('ok');
    expect(text(outputs[1])).toBe('smoke 1\n');
  });

  it('stops at the first cell that fails; the copy has what came before, and the error', async () => {
    const { result, outputs } = await execute([
      'console.log("before")',
      'throw new RangeError("too small\\nUse more.")',
      'console.log("after")',
    ]);
    expect(result).toMatchObject({
      status: 'error',
      cell: 2,
      message: 'RangeError: too small\nUse more.',
    });
    expect(text(outputs[0])).toBe('before\n');
    expect(outputs[1]).toMatchObject([{ output_type: 'error', ename: 'RangeError' }]);
    expect(outputs[2]).toEqual([]);
  });

  it.each([
    ['timeout', 'await new Promise(() => undefined);', 'Timeout', /longer than 1 s/],
    ['died', 'process.exit(7);', 'KernelDied', /exit code 7/],
  ])('writes the copy also at: %s', async (status, code, ename, message) => {
    const { result, outputs } = await execute(['console.log("before")', code], {
      timeoutPerCell: 1,
    });
    expect(result).toMatchObject({ status, cell: 2, message: expect.stringMatching(message) });
    expect(text(outputs[0])).toBe('before\n');
    expect(outputs[1].at(-1)).toMatchObject({ output_type: 'error', ename });
  });

  it('stops cleanly when it is told to: a cell that takes the signal ends by itself', async () => {
    const controller = new AbortController();
    const { result, outputs } = await execute(
      [
        `import { interruptSignal } from '${library}/notebook/interrupt-signal';`,
        `const signal = interruptSignal();
         console.log('training');
         await new Promise((stop) => signal.addEventListener('abort', stop));
         console.log('checkpoint written', signal.reason.name);`,
        'console.log("not reached")',
      ],
      {
        signal: controller.signal,
        onEvent: (event) => event.type === 'text' && controller.abort(),
      },
    );
    expect(result).toMatchObject({ status: 'aborted', cell: 2 });
    expect(text(outputs[1])).toBe('training\ncheckpoint written AbortError\n');
    expect(outputs[2]).toEqual([]);
  });

  it('shows progress as it comes, and one line of it in the copy', async () => {
    const { outputs, events } = await execute([
      `import { progressBar } from '${library}/notebook/progress-bar';`,
      `const bar = progressBar();
       const wait = () => new Promise((done) => setTimeout(done, 30));
       for (let done = 0; done <= 20; done++) { bar({ label: 'train', done, total: 20 }); await wait(); }
       bar({ label: 'evaluate', done: 1, total: 2, unit: 'batch' });`,
    ]);
    const heard = events.flatMap((event) => (event.type === 'progress' ? [event.progress] : []));
    expect(heard.length).toBeGreaterThan(1);
    expect(heard.length).toBeLessThan(10);
    expect(heard[0]).toEqual({ label: 'train', done: 0, total: 20 });
    const [display] = outputs[1] as { data: Record<string, string> }[];
    expect(outputs[1]).toHaveLength(1);
    expect(display.data['text/plain']).toMatch(/^2 tasks in .* s, 1 of them stopped$/);
    expect(display.data['text/html']).toMatch(
      /^<details><summary>2 tasks in .*<div>train: 20 in .* s, .*\/s<.*evaluate: 1 batch of 2, stopped/,
    );
    expect(display.data['text/html']).not.toContain('script');
  });

  it('shows figures in every form when live, and as pictures alone when still', async () => {
    const cells = [
      `import { enableFigures, show } from '${library}/notebook/show';
       enableFigures();`,
      `const plotly = { data: [{ y: [1, 2], name: '</script>' }], layout: {} };
       const size = { alt: 'A line', width: 30, height: 20, png: () => new Uint8Array([1, 2, 3]) };
       show({ ...size, interactive: { plotly } });
       show({ ...size, interactive: { html: '<b>table</b>' } });
       show({ ...size, interactive: { html: '<i>x</i>', scriptedHtml: '<i>y</i>' } });
       show({ ...size, interactive: { scriptedHtml: '<b>x</b><' + 'script>1</script>' } });`,
    ];
    const live = await execute(cells, { figures: 'live' });
    const typesOf = (outputs: Output[]): string[][] =>
      outputs.map((output) => ('data' in output ? Object.keys(output.data).sort() : []));
    expect(typesOf(live.outputs[0])).toEqual([['text/html', 'text/plain']]);
    expect(typesOf(live.outputs[1])).toEqual([
      ['application/vnd.plotly.v1+json', 'image/png', 'text/html', 'text/plain'],
      ['image/png', 'text/html', 'text/plain'],
      ['image/png', 'text/html', 'text/plain'],
      ['image/png', 'text/html', 'text/plain'],
    ]);
    const [plot, , either] = live.outputs[1] as {
      data: Record<string, string>;
      metadata: unknown;
    }[];
    expect(plot.data['image/png']).toBe('AQID');
    expect(either.data['text/html']).toBe('<i>y</i>');
    expect(plot.data['text/html'].match(/<\/script/g)).toHaveLength(1);
    expect(plot.metadata).toEqual({
      'image/png': { width: 30, height: 20 },
      tripletlab: { alt: 'A line' },
    });
    const still = await execute(cells, { figures: 'still' });
    expect(still.outputs[0]).toEqual([]);
    expect(typesOf(still.outputs[1])).toEqual([
      ['image/png', 'text/plain'],
      ['image/png', 'text/html', 'text/plain'],
      ['image/png', 'text/html', 'text/plain'],
      ['image/png', 'text/plain'],
    ]);
    expect(still.outputs[1][2]).toMatchObject({ data: { 'text/html': '<i>x</i>' } });
    expect(JSON.stringify(still.executed)).not.toContain('<script');
  });

  it('does not overwrite the notebook', async () => {
    const path = join(folder, 'same.ipynb');
    const output = join(folder, '.', 'same.ipynb');
    await expect(executeNotebook(path, { output })).rejects.toThrow(/must not be the notebook/);
  });

  it('refuses unknown parameters before it starts anything', async () => {
    const cells = [codeCell('const parameters = { seed: 1 };', 'parameters')];
    await expect(execute(cells, { parameters: { sed: 2 } })).rejects.toThrow(/unknown parameter/);
    expect(existsSync(join(folder, 'made', 'executed.ipynb'))).toBe(false);
  });
});

const nbconvert = pythonModule('nbconvert', 'nbconvert');

describe.skipIf(isMissing(nbconvert))('nbconvert', { timeout: LONG }, () => {
  /** Runs a notebook through Jupyter's own machinery and the kernelspec of the repository. */
  function convert(sources: string[], ...options: string[]) {
    const path = join(folder, 'converted.ipynb');
    const cells = sources.map((source) => codeCell(source));
    writeNotebook(path, { nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
    const program = ['-m', 'nbconvert', '--to', 'notebook', '--execute', '--inplace', ...options];
    const paths = [projectPath('lib', 'notebook'), process.env.JUPYTER_PATH ?? ''];
    const { status, stderr } = spawnSync('/usr/bin/python3', [...program, path], {
      env: { ...process.env, JUPYTER_PATH: paths.join(delimiter) },
      encoding: 'utf8',
    });
    return { status, stderr, cells: readNotebook(path).cells as CodeCell[] };
  }

  it('runs a notebook by the kernelspec of the repository', () => {
    const { status, stderr, cells } = convert([
      'const x: number = 1;',
      'for (let i = 0; i < 20_000; i++) console.log(i);',
      'await (Promise.resolve(x))',
    ]);
    expect(status, stderr).toBe(0);
    expect(text(cells[1].outputs)).toBe(
      Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join(''),
    );
    expect(text(cells[2].outputs)).toBe('1\n');
    expect(cells.map((cell) => cell.execution_count)).toEqual([1, 2, 3]);
  });

  it('fails when a cell fails', () => {
    const { status, stderr } = convert(['const x = 1;', 'throw new Error("wrong");', 'x']);
    expect(status).not.toBe(0);
    expect(stderr).toContain('Error: wrong');
  });

  it('goes on after an error when told to, every cell run', () => {
    const { status, cells } = convert(
      ['throw new Error("wrong");', 'console.log("next");'],
      '--allow-errors',
    );
    expect(status).toBe(0);
    expect(cells[0].outputs).toMatchObject([{ output_type: 'error', evalue: 'wrong' }]);
    expect(text(cells[1].outputs)).toBe('next\n');
  });
});
