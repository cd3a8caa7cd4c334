import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPath } from '../../data/project';
import { trainingRevision } from '../../experiment/identity';
import type { CodeCell, Notebook, Output } from '../notebook';
import { writeNotebook } from '../notebook-file';
import { requireBuild } from '../require-build';
import { checkNotebook } from './check-notebook';
import { createTypeChecker, type TypeChecker } from './check-types';
import type { Problem } from './problem';

requireBuild();

let folder: string;
let types: TypeChecker;

beforeAll(() => {
  // Inside the project, where a cell finds the library.
  mkdirSync(projectPath('results'), { recursive: true });
  folder = mkdtempSync(projectPath('results', 'test-'));
  types = createTypeChecker(folder);
});
afterAll(() => {
  types.close();
  rmSync(folder, { recursive: true });
});

const display = (metadata: Record<string, unknown>): Output => ({
  output_type: 'display_data',
  data: { 'text/plain': '' },
  metadata,
});

/** What `conclude` leaves of a run. */
function conclusion(revision: number | undefined): Output {
  const run = { name: 'run', value: 'a-1' };
  const trained = { name: 'training revision', value: String(revision) };
  const provenance = revision === undefined ? [run] : [run, trained];
  const record = { results: [], provenance, runs: ['a-1'] };
  return display({ tripletlab: { conclusion: record } });
}

function cell(source: string, count: number | null = null, ...outputs: Output[]): CodeCell {
  return { cell_type: 'code', metadata: {}, source, execution_count: count, outputs };
}

function notebook(...cells: CodeCell[]): Notebook {
  const title = { cell_type: 'markdown' as const, metadata: {}, source: '# Title' };
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [title, ...cells] };
}

function check(...cells: CodeCell[]): Problem[] {
  const path = join(folder, 'notebook.ipynb');
  writeNotebook(path, notebook(...cells));
  return checkNotebook(path, types);
}

/** As `conclude` ends a notebook. */
const end = (count: number | null, revision: number | undefined = trainingRevision): CodeCell =>
  cell('0;', count, conclusion(revision));

describe('a notebook that may be committed', () => {
  it('ran in order, with this library, to its end', () => {
    expect(check(cell('let a = 1;', 1), cell('  '), cell('a += 1;', 2), end(3))).toEqual([]);
  });

  it('may come from data alone', () => {
    const record = { results: [], provenance: [{ name: 'data', value: 'MNIST' }] };
    expect(check(cell('1', 1, display({ tripletlab: { conclusion: record } })))).toEqual([]);
  });

  it('uses the library, declares names again and awaits, as cells may', () => {
    const sources = [
      "import { configure, run } from 'tripletlab';\nconst config = configure({}, 'smoke');",
      'const config = { steps: 1 };\nconst { steps: count } = config;',
      'const later: number = await (Promise.resolve(count + config.steps));',
      'for await (const x of [later]) console.log({ x, later });',
    ];
    expect(check(...sources.map((source, i) => cell(source, i + 1)), end(5))).toEqual([]);
  });
});

describe('a notebook is found out when it', () => {
  it('was never run', () => {
    expect(check(cell('1'), cell('2'))).toMatchObject([{ found: 'never run' }]);
    expect(check()).toMatchObject([{ found: 'never run' }]);
  });

  it.each([
    [[2, 3], { cell: 1, found: 'run as number 2, not 1' }],
    [[1, 3], { cell: 2, found: 'run as number 3, not 2' }],
    [[2, 1], { cell: 1, found: 'run as number 2, not 1' }],
    [[1, 1], { cell: 2, found: 'run as number 1, not 2' }],
    [[1, null], { cell: 2, found: 'not run' }],
  ])('was run in the order %j', (counts, expected) => {
    const problems = check(cell('1', counts[0]), end(counts[1]));
    expect(problems).toMatchObject([expected]);
    expect(problems[0].advice).toContain('run it from first cell to last');
  });

  it('holds errors', () => {
    const error = (ename: string): Output => ({
      output_type: 'error',
      ename,
      evalue: 'too small\nUse more.',
      traceback: [],
    });
    expect(check(cell('1', 1, error('RangeError'), error('TypeError')), end(2))).toMatchObject([
      { cell: 1, found: 'failed with RangeError: too small' },
      { cell: 1, found: 'failed with TypeError: too small' },
    ]);
  });

  it('was run with another training revision', () => {
    expect(check(end(1, trainingRevision - 1))).toMatchObject([
      {
        found: `run with training revision ${trainingRevision - 1}, the library has ${trainingRevision}`,
      },
    ]);
    const unknown = cell('1', 1, conclusion(undefined));
    expect(check(unknown)[0].found).toContain('training revision unknown');
  });

  it('has lost its conclusion', () => {
    expect(check(cell('1', 1))).toMatchObject([{ found: 'concludes nothing' }]);
  });

  it('is too large', () => {
    const picture = { 'image/png': 'A'.repeat(2_000_000) };
    const output: Output = { output_type: 'display_data', data: picture, metadata: {} };
    expect(check(cell('1', 1, output), end(2))).toMatchObject([
      { found: '2.0 MB large, more than 2 MB' },
    ]);
  });

  it.each([
    [
      'const n = 1;\nconst double = (x) => 2 * x;',
      "2:17 - Parameter 'x' implicitly has an 'any' type.",
    ],
    ['const name: string = null;', "1:7 - Type 'null' is not assignable to type 'string'."],
    ['await (missing);', "1:8 - Cannot find name 'missing'."],
    [
      "import { nothing } from 'tripletlab';",
      expect.stringMatching(/^1:10 - .*no exported member/),
    ],
    ['const = 1;', expect.stringMatching(/^1:7 - /)],
  ])('does not type-check: %s', (source, found) => {
    const problems = check(cell('const fine = 1;', 1), cell(source, 2), cell('missing', 3), end(4));
    expect(problems[0]).toMatchObject({ cell: 2, found });
    expect(new Set(problems.map(({ cell }) => cell))).toEqual(new Set([2]));
  });

  it('uses a name before its cell', () => {
    expect(check(cell('late + 1', 1), cell('const late = 1;', 2), end(3))).toMatchObject([
      { cell: 1, found: "1:1 - Cannot find name 'late'." },
    ]);
  });

  it.each(['', '{', '[]', '{"cells": 1}'])('cannot be read: %s', (text) => {
    const path = join(folder, 'damaged.ipynb');
    writeFileSync(path, text);
    const problems = checkNotebook(path, types);
    expect(problems).toMatchObject([{ found: expect.stringContaining('damaged.ipynb') }]);
    expect(problems[0].found).not.toContain('\n');
  });

  it('is not there', () => {
    expect(checkNotebook(join(folder, 'nowhere.ipynb'), types)).toHaveLength(1);
  });
});
