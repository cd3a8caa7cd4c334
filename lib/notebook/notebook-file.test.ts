import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isMissing, pythonModule, runPython } from '../data/require-peer';
import { formatNotebook, parseNotebook, readNotebook, writeNotebook } from './notebook-file';
import type { Notebook } from './notebook';

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-notebook-'));
afterAll(() => rmSync(folder, { recursive: true }));

const full: Notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { authors: [{ name: 'A' }] },
  cells: [
    { cell_type: 'markdown', id: 'intro', metadata: {}, source: '# Title\n\ntext' },
    { cell_type: 'raw', metadata: {}, source: '' },
    {
      cell_type: 'code',
      metadata: { tags: ['parameters'] },
      source: 'const a = 1;\n',
      execution_count: 1,
      outputs: [
        { output_type: 'stream', name: 'stdout', text: 'one\ntwo\n\nfour' },
        {
          output_type: 'display_data',
          data: {
            'text/plain': 'a\nb',
            'image/png': 'iVBORw0KGgo=',
            'application/vnd.plotly.v1+json': { data: [[1], 'x'] },
          },
          metadata: { 'image/png': { width: 10, height: 10 } },
        },
        {
          output_type: 'execute_result',
          data: { 'text/plain': '1' },
          metadata: {},
          execution_count: 1,
        },
        { output_type: 'error', ename: 'Error', evalue: 'x', traceback: ['Error: x', 'at'] },
      ],
    },
    { cell_type: 'code', metadata: {}, source: '', execution_count: null, outputs: [] },
  ],
};

/** A notebook file in which one part is changed. */
function fileWith(change: (file: Record<string, unknown> & { cells: never[] }) => void): string {
  const file = JSON.parse(formatNotebook(full));
  change(file);
  return JSON.stringify(file);
}

describe('writing and reading', () => {
  it('returns what was written, ids and kernel added', () => {
    const path = join(folder, 'full.ipynb');
    writeNotebook(path, full);
    const read = readNotebook(path);
    expect(read.metadata).toMatchObject({
      authors: [{ name: 'A' }],
      kernelspec: { name: 'tslab', language: 'typescript' },
      language_info: { name: 'typescript', file_extension: '.ts' },
    });
    const withoutIds = read.cells.map((cell) => ({ ...cell, id: undefined }));
    expect(withoutIds).toEqual(full.cells.map((cell) => ({ ...cell, id: undefined })));
    expect(read.cells[0].id).toBe('intro');
    expect(formatNotebook(read)).toBe(readFileSync(path, 'utf8'));
  });

  it('gives ids where they are missing, wrong or taken', () => {
    const ids = [undefined, 'a', 'a', 'with space', '', 'x'.repeat(65)];
    const cells = ids.map((id) => ({ ...full.cells[0], id }));
    const read = parseNotebook(formatNotebook({ ...full, cells }));
    const written = read.cells.map(({ id }) => id);
    expect(new Set(written).size).toBe(ids.length);
    expect(written[1]).toBe('a');
    written.forEach((id) => expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/));
  });

  it('reads a file of format 4.0, which has no ids, and text as lists or strings', () => {
    const notebook = parseNotebook(
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 0,
        metadata: {},
        cells: [{ cell_type: 'markdown', metadata: {}, source: ['a\n', 'b'] }],
      }),
    );
    expect(notebook.cells).toEqual([{ cell_type: 'markdown', metadata: {}, source: 'a\nb' }]);
  });
});

describe('files that are not notebooks', () => {
  it.each([
    ['no JSON', '{', /x\.ipynb: not JSON/],
    ['a list', '[]', /x\.ipynb: the file: .*expected object/],
    ['null', 'null', /x\.ipynb: the file/],
    ['format 3', fileWith((file) => (file.nbformat = 3)), /nbformat: only notebooks of format 4/],
    ['no cells', fileWith((file) => delete (file as { cells?: unknown }).cells), /: cells: /],
    [
      'an unknown cell',
      fileWith(({ cells }) => Object.assign(cells[1], { cell_type: 'x' })),
      /cells\[1\]\.cell_type/,
    ],
    [
      'a source that is a number',
      fileWith(({ cells }) => Object.assign(cells[0], { source: 3 })),
      /cells\[0\]\.source/,
    ],
    [
      'an unknown output',
      fileWith(({ cells }) => Object.assign(cells[3], { outputs: [{ output_type: 'x' }] })),
      /cells\[3\]\.outputs\[0\]\.output_type/,
    ],
    [
      'a count that is text',
      fileWith(({ cells }) => Object.assign(cells[3], { execution_count: 'x' })),
      /cells\[3\]\.execution_count/,
    ],
  ])('names the file and the place: %s', (_, content, message) => {
    const path = join(folder, 'x.ipynb');
    writeFileSync(path, content);
    expect(() => readNotebook(path)).toThrow(message);
  });

  it('names a file that is missing', () => {
    expect(() => readNotebook(join(folder, 'none.ipynb'))).toThrow(/readNotebook: .*none\.ipynb/);
  });

  it('is not led astray by the names of object members', () => {
    const content = fileWith(({ cells }) =>
      Object.assign(cells[0], { metadata: JSON.parse('{"__proto__": {"tags": ["parameters"]}}') }),
    );
    expect(() => parseNotebook(content)).not.toThrow();
    expect(({} as { tags?: unknown }).tags).toBeUndefined();
  });
});

const nbformat = pythonModule('nbformat', 'nbformat');

describe.skipIf(isMissing(nbformat))('Python nbformat', () => {
  it('finds a written notebook valid', () => {
    const script = `
import nbformat
notebook = nbformat.reads(data, as_version=nbformat.NO_CONVERT)
nbformat.validate(notebook)
result = [notebook.nbformat, notebook.nbformat_minor, len(notebook.cells)]`;
    expect(runPython(script, formatNotebook(full))).toEqual([4, 5, 4]);
  });

  it('finds a cell without id wrong (so the check above means something)', () => {
    const content = fileWith(({ cells }) => delete (cells[0] as { id?: string }).id);
    const script = 'import sys, nbformat; nbformat.validate(nbformat.reads(sys.stdin.read(), 4))';
    const { status } = spawnSync('/usr/bin/python3', ['-W', 'error', '-c', script], {
      input: content,
    });
    expect(status).not.toBe(0);
  });
});
