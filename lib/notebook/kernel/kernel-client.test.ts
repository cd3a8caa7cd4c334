import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '../../data/project';
import { requireBuild } from '../require-build';
import { createConnectionFile } from './connection-file';
import { startKernel, type ExecuteOptions, type KernelClient } from './kernel-client';
import type { Message } from './wire';

requireBuild();

const directory = projectPath('notebooks');
const LONG = 60_000;

/** Runs a cell and gathers its outputs; `onText` hears the text of each as it comes. */
async function execute(
  kernel: KernelClient,
  code: string,
  options: ExecuteOptions = {},
  onText: (text: unknown) => void = () => undefined,
) {
  const outputs: Message[] = [];
  const result = await kernel.execute(code, {
    ...options,
    onOutput: (message) => {
      outputs.push(message);
      onText(message.content.text);
    },
  });
  const types = outputs.map(({ header }) => header.msg_type);
  const streams = outputs.filter(({ header }) => header.msg_type === 'stream');
  const text = streams.map(({ content }) => content.text).join('');
  return { result, outputs, types, text };
}

describe('a connection file', () => {
  it('can be read by its owner alone, and names five ports and a key of its own', async () => {
    const [one, other] = [await createConnectionFile(), await createConnectionFile()];
    try {
      expect(statSync(one.path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(one.path)).mode & 0o777).toBe(0o700);
      const { shell_port, iopub_port, stdin_port, control_port, hb_port } = one.info;
      expect(new Set([shell_port, iopub_port, stdin_port, control_port, hb_port]).size).toBe(5);
      expect(one.info.key).toHaveLength(64);
      expect(one.info.key).not.toBe(other.info.key);
      expect(one.info.ip).toBe('127.0.0.1');
    } finally {
      one.remove();
      other.remove();
    }
  });
});

describe('a kernel', { timeout: LONG }, () => {
  let kernel: KernelClient;
  beforeAll(async () => (kernel = await startKernel({ directory })), LONG);
  afterAll(() => kernel.shutdown(), LONG);

  it('says what it is', async () => {
    expect(await kernel.ready(LONG)).toMatchObject({
      status: 'ok',
      implementation: 'tslab',
      implementation_version: '1.0.22',
      language_info: { name: 'typescript', version: '5.0.4', file_extension: '.ts' },
    });
  });

  it('delivers 20,000 printed lines, complete and in order, in few messages', async () => {
    const code = 'for (let i = 0; i < 20_000; i++) console.log(`line ${i}`);';
    const { result, text, outputs } = await execute(kernel, code);
    expect(result.status).toBe('ok');
    expect(text).toBe(Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(''));
    expect(outputs.length).toBeLessThan(100);
  });

  it('delivers 2,000 outputs that cannot be put together', async () => {
    const code = 'for (let i = 0; i < 1000; i++) { console.log(i); console.error(i); }';
    const { result, types } = await execute(kernel, code);
    expect(result.status).toBe('ok');
    expect(types.filter((type) => type === 'stream')).toHaveLength(2000);
  });

  it('announces a cell, counts it, and keeps text and displays in order', async () => {
    const code = `import { display } from 'tslab';
      console.log('before'); display.text('figure'); console.log('after');`;
    const { result, types, outputs } = await execute(kernel, code);
    expect(types).toEqual(['execute_input', 'stream', 'display_data', 'stream']);
    expect(outputs[0].content).toEqual({
      code,
      execution_count: result.status === 'ok' ? result.executionCount : NaN,
    });
  });

  it('tells a type error, under the strict rules, by its place in the cell', async () => {
    const { result, types } = await execute(kernel, 'const n = 1;\nconst double = (x) => 2 * x;');
    expect(result).toMatchObject({
      status: 'error',
      name: 'TypeScript',
      message: "2:17 - Parameter 'x' implicitly has an 'any' type.",
    });
    expect(types).toEqual(['execute_input', 'error']);
  });

  it('tells the place right also where the cell awaits', async () => {
    const { result } = await execute(kernel, 'await (missing)');
    expect(result).toMatchObject({ message: "1:8 - Cannot find name 'missing'." });
  });

  it('tells what was thrown, and runs the next cell at once', async () => {
    const failed = await execute(kernel, 'throw new RangeError("too small\\nUse a larger one.")');
    expect(failed.result).toMatchObject({
      status: 'error',
      name: 'RangeError',
      message: 'too small\nUse a larger one.',
    });
    expect(failed.outputs.at(-1)?.content.evalue).toBe('too small\nUse a larger one.');
    expect((await execute(kernel, '1 + 1')).text).toBe('2\n');
  });

  it('tells the stack apart from what was wrong, folded', async () => {
    const code = `import { umap } from 'tripletlab';
      await umap({ data: new Float32Array(4), shape: [2, 2] }, { neighbors: 1 });`;
    const { result, types, outputs } = await execute(kernel, code);
    expect(types).toEqual(['execute_input', 'error', 'display_data']);
    const [, error, stack] = outputs.map(({ content }) => content);
    expect(error.traceback).toEqual([`${String(error.ename)}: ${String(error.evalue)}`]);
    expect((stack.data as Record<string, string>)['text/html']).toMatch(/^<details>.*umap\.js/s);
    expect('traceback' in result && result.traceback.join('\n')).toMatch(
      /^RangeError: umap.*umap\.js/s,
    );
  });

  it('refuses the cells that were queued behind one that fails', async () => {
    const cells = ['throw new Error("first")', 'console.log("second")', 'console.log("third")'];
    const ended = await Promise.all(cells.map((code) => execute(kernel, code)));
    expect(ended.map(({ result }) => 'name' in result && result.name)).toEqual([
      'Error',
      'NotRun',
      'NotRun',
    ]);
    expect(ended.map(({ types }) => types)).toEqual([
      ['execute_input', 'error'],
      ['error'],
      ['error'],
    ]);
    expect((await execute(kernel, 'console.log("later")')).text).toBe('later\n');
  });

  it.each([
    ['await (Promise.resolve(3))', '3\n'],
    ['for await (const x of [1, 2]) console.log(x);', '1\n2\n'],
    ['const word = "await"; word', 'await\n'],
    ['const late = async () => await (4); console.log(await late());', '4\n'],
    ['import { promises } from "fs"; (await promises.readFile("/dev/null")).length', '0\n'],
    ['const parameters = { a: 1 };', ''],
    ['const parameters = { b: 2 }; parameters.b', '2\n'],
    ['await new Promise<void>((done) => process.stdout.write("é", () => done()));', 'é'],
  ])('runs %s', async (code, expected) => {
    const { result, text } = await execute(kernel, code);
    expect(result.status).toBe('ok');
    expect(text).toBe(expected);
  });

  describe('with names of earlier cells', () => {
    const declarations = `import { basename } from 'path';
      let height = 2;
      const size = { height: 3, rest: 4 };
      const sizes = [size];
      enum Colour { red }
      class Box { constructor(readonly height: number) {} }`;
    beforeAll(async () => {
      expect((await kernel.execute(declarations)).status).toBe('ok');
    });

    it.each([
      [
        'a shorthand property',
        'JSON.stringify({ height, size })',
        '{"height":2,"size":{"height":3,"rest":4}}',
      ],
      [
        'one in a function',
        '((n: number) => JSON.stringify({ n, height }))(1)',
        '{"n":1,"height":2}',
      ],
      ['one of a default value', '(({ height: h } = { height }) => h)()', '2'],
      ['one that awaits', 'JSON.stringify(await Promise.resolve({ height }))', '{"height":2}'],
      [
        'an import, an enumeration, a class',
        'Object.keys({ basename, Colour, Box }).join()',
        'basename,Colour,Box',
      ],
      [
        'their values',
        'const { basename: b, Colour: c, Box: B } = { basename, Colour, Box }; [b("a/b"), c.red, new B(9).height].join()',
        'b,0,9',
      ],
      ['a renamed property', 'const { height: renamed } = size; renamed', '3'],
      [
        'the rest of one',
        'const { height: one, ...others } = size; JSON.stringify(others)',
        '{"rest":4}',
      ],
      ['a renamed parameter', 'sizes.map(({ height: h }) => h + size.rest).join()', '7'],
      [
        'a renamed loop variable',
        'for (const { height: h } of sizes) console.log(h + size.rest);',
        '7',
      ],
      ['a property of the same name', 'const { height: own } = { height: 8 }; own', '8'],
      [
        'a name of its own',
        '(() => { const height = 5; return JSON.stringify({ height }); })()',
        '{"height":5}',
      ],
      ['an assignment by shorthand', '({ height } = { height: 6 }); height', '6'],
      ['an assignment with a default', '({ height = 7 } = {} as { height?: number }); height', '7'],
    ])('runs %s', async (_, code, expected) => {
      const { result, text } = await execute(kernel, code);
      expect(result).toMatchObject({ status: 'ok' });
      expect(text).toBe(`${expected}\n`);
    });
  });

  it.each([
    ['an endless wait', 'await new Promise(() => undefined);'],
    ['an endless loop', 'while (true) { /* on and on */ }'],
  ])('ends %s when its time is over, and goes on', async (_, code) => {
    const { result, types } = await execute(kernel, code, { timeout: 500 });
    expect(result).toEqual({ status: 'timeout' });
    expect(types).toContain('error');
    expect((await execute(kernel, '1 + 1')).text).toBe('2\n');
  });

  it('lets a cell that listens to the interrupt end by itself', async () => {
    const code = `const stop = new Promise<void>((done) => process.once('SIGINT', () => done()));
      console.log('training');
      await stop;
      await new Promise((done) => setTimeout(done, 200));
      console.log('checkpoint written');`;
    const controller = new AbortController();
    const { result, text } = await execute(kernel, code, { signal: controller.signal }, (heard) => {
      if (heard === 'training\n') {
        controller.abort();
      }
    });
    expect(result).toEqual({ status: 'aborted' });
    expect(text).toBe('training\ncheckpoint written\n');
    expect((await execute(kernel, '1 + 1')).text).toBe('2\n');
  });

  it('gives up on such a cell at the second interrupt', async () => {
    const code = `process.on('SIGINT', () => console.log('not yet'));
      console.log('ready');
      await new Promise(() => undefined);`;
    const { result, text } = await execute(kernel, code, {}, (heard) => {
      if (heard !== undefined) {
        kernel.interrupt();
      }
    });
    expect(result).toMatchObject({ status: 'error', name: 'Interrupted' });
    expect(text).toBe('ready\nnot yet\nnot yet\n');
    const code2 =
      "process.listeners('SIGINT').slice(1).forEach((each) => process.off('SIGINT', each));";
    expect((await execute(kernel, code2)).result.status).toBe('ok');
  });

  it('does not run a cell whose signal is aborted already', async () => {
    const { result, types } = await execute(kernel, '1', { signal: AbortSignal.abort() });
    expect(result).toEqual({ status: 'aborted' });
    expect(types).toEqual([]);
  });
});

describe('a kernel in a folder from which the library is not found', { timeout: LONG }, () => {
  let elsewhere: string;
  let kernel: KernelClient;
  beforeAll(async () => {
    elsewhere = mkdtempSync(join(tmpdir(), 'tripletlab-elsewhere-'));
    kernel = await startKernel({ directory: elsewhere });
  }, LONG);
  afterAll(async () => {
    await kernel.shutdown();
    rmSync(elsewhere, { recursive: true });
  }, LONG);

  it('runs cells all the same', async () => {
    const code = "import { basename } from 'node:path'; console.log(basename('/a/b'));";
    expect((await execute(kernel, code)).text).toBe('b\n');
  });

  it('compiles files beside the notebook, whose faults concern only cells that import them', async () => {
    const helper = join(elsewhere, 'helper.ts');
    writeFileSync(helper, "export { twice } from './inner';");
    writeFileSync(join(elsewhere, 'inner.ts'), 'export const twice = (x: number) => 2 * x;');
    const code = "import { twice } from './helper'; console.log(twice(2));";
    expect((await execute(kernel, code)).text).toBe('4\n');
    expect((await execute(kernel, "console.log((await import('./helper')).twice(3))")).text).toBe(
      '6\n',
    );
    writeFileSync(
      join(elsewhere, 'inner.ts'),
      'export const twice = (x: number): string => 2 * x;',
    );
    // The kernel hears of a change a moment later.
    await expect
      .poll(async () => (await execute(kernel, code)).result, { timeout: LONG })
      .toMatchObject({ message: expect.stringContaining('inner.ts') });
    expect((await execute(kernel, 'console.log(twice(4));')).text).toBe('8\n');
  });

  it('says so where a cell imports it', async () => {
    const { result } = await execute(kernel, "import { run } from 'tripletlab'; run;");
    expect(result).toMatchObject({
      message: expect.stringContaining("Cannot find module 'tripletlab'"),
    });
  });
});

describe('a kernel that dies', { timeout: LONG }, () => {
  async function lastCell(
    code: string,
    environment?: Record<string, string>,
    onText?: (kernel: KernelClient) => void,
  ) {
    const kernel = await startKernel({ directory, environment });
    try {
      const ended = await execute(kernel, code, {}, (text) => text && onText?.(kernel));
      expect(await kernel.execute('1')).toMatchObject({ status: 'died' });
      return ended;
    } finally {
      await kernel.shutdown();
    }
  }

  it('by process.exit: its last words and exit code', async () => {
    const { result, text } = await lastCell('console.log("last words"); process.exit(3);');
    expect(result).toMatchObject({ status: 'died', exitCode: 3, signal: null });
    expect(text).toBe('last words\n');
  });

  it('by SIGKILL', async () => {
    const code = 'console.log("running"); await new Promise(() => undefined);';
    const kill = (kernel: KernelClient): boolean => process.kill(kernel.pid!, 'SIGKILL');
    const { result } = await lastCell(code, {}, kill);
    expect(result).toMatchObject({ status: 'died', exitCode: null, signal: 'SIGKILL' });
  });

  it('for lack of memory', async () => {
    const { result } = await lastCell(
      'const held: number[][] = []; while (true) held.push(new Array(10_000).fill(Math.random()));',
      { NODE_OPTIONS: '--max-old-space-size=250' },
    );
    expect(result).toMatchObject({
      status: 'died',
      message: expect.stringContaining('out of memory'),
    });
  });

  it('at its start: what it said', async () => {
    const start = startKernel({
      directory,
      environment: { NODE_OPTIONS: '--require ./missing.js' },
    });
    await expect(start).rejects.toThrow(
      /startKernel: The kernel ended with exit code 1[^]*missing/,
    );
  });
});
