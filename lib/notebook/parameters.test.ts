import { describe, expect, it } from 'vitest';
import type { CodeCell, Notebook } from './notebook';
import { notebookParameters, withParameters } from './parameters';

function notebookOf(source: string, copies = 1): Notebook {
  const tagged: CodeCell = {
    cell_type: 'code',
    metadata: { tags: ['parameters'] },
    source,
    execution_count: null,
    outputs: [],
  };
  const text = { cell_type: 'markdown' as const, metadata: {}, source: '# Title' };
  const other = { ...tagged, metadata: {}, source: 'const parameters = 3;' };
  const cells = [text, other, ...Array.from({ length: copies }, () => tagged)];
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

const quick = "const parameters = { preset: 'quick', seed: 1, overrides: {} };";

/** The value that a cell's code gives to `parameters`. */
function valueOf(notebook: Notebook): unknown {
  const source = notebook.cells[2].source.replace(/:\s*Record<string, unknown>|as const/, '');
  return new Function(`${source}\nreturn parameters;`)();
}

describe('notebookParameters', () => {
  it('reads plain data as JavaScript would', () => {
    const source = `// what to run
      const parameters = { "preset": 'quick', seed: -1_000.5, on: true, off: false, none: null,
        list: [1, [2, \`three\`]], nested: { 'a-b': "it's" }, };`;
    expect(notebookParameters(notebookOf(source))).toEqual(valueOf(notebookOf(source)));
  });

  it('is undefined where no cell is tagged', () => {
    expect(notebookParameters(notebookOf('', 0))).toBeUndefined();
  });

  it.each([
    ['let settings = { seed: 1 };', /must hold a statement such as const parameters/],
    ['const parameters = 3;', /must hold a statement/],
    ['', /must hold a statement/],
    ['const parameters = { seed: Date.now() };', /'Date\.now\(\)' is not plain data/],
    ['const parameters = { ...defaults };', /'\.\.\.defaults' is not of the form name: value/],
    ['const parameters = { seed };', /'seed' is not of the form/],
    ['const parameters = { [name]: 1 };', /'\[name\]: 1' is not of the form/],
    ['const parameters = { seed: undefined };', /'undefined' is not plain data/],
    ['const parameters = { seed: -"1" };', /'-"1"' is not plain data/],
  ])('refuses %s', (source, message) => {
    expect(() => notebookParameters(notebookOf(source))).toThrow(message);
  });

  it('refuses two tagged cells', () => {
    expect(() => notebookParameters(notebookOf(quick, 2))).toThrow(/2 cells are tagged/);
  });
});

describe('withParameters', () => {
  it('replaces what is named, keeps the rest, and leaves the original alone', () => {
    const original = notebookOf(quick);
    const replaced = withParameters(original, { preset: 'smoke', overrides: { margin: 0.5 } });
    expect(valueOf(replaced)).toEqual({ preset: 'smoke', seed: 1, overrides: { margin: 0.5 } });
    expect(original.cells[2].source).toBe(quick);
    expect(replaced.cells[1]).toBe(original.cells[1]);
  });

  it('keeps comments, annotations and other code of the cell', () => {
    const source = `// a comment
const parameters: Record<string, unknown> = { seed: 1 } as const; // and one more
console.log(parameters);`;
    const replaced = withParameters(notebookOf(source), { seed: 2 }).cells[2].source;
    expect(replaced).toBe(source.replace('{ seed: 1 }', '{\n  "seed": 2\n}'));
  });

  it('writes text that would end a string or a comment as data', () => {
    const nasty = "'); process.exit(); //\n`${1}` \u2028 */";
    const replaced = withParameters(notebookOf(quick), { preset: nasty });
    expect(valueOf(replaced)).toMatchObject({ preset: nasty });
  });

  it.each([
    [{ sed: 1 }, /unknown parameter 'sed'; the notebook has preset, seed, overrides/],
    [{ seed: '1' }, /seed must be of type number, got "1"/],
    [{ preset: null }, /preset must be of type string, got null/],
    [{ overrides: [] }, /overrides must be of type object, got \[\]/],
    [{ toString: 1 }, /unknown parameter 'toString'/],
  ])('refuses %j', (values, message) => {
    expect(() => withParameters(notebookOf(quick), values as never)).toThrow(message);
  });

  it('needs a tagged cell', () => {
    expect(() => withParameters(notebookOf(quick, 0), { seed: 1 })).toThrow(
      /no code cell is tagged/,
    );
  });
});
