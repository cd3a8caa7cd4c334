import { describe, expect, it } from 'vitest';
import type { Figure } from './figure';
import { blankDocument } from './packages';
import { readPixels } from './pixels';
import { table, type TableOptions } from './table';

function html(figure: Figure): string {
  if (!('html' in figure.interactive)) throw new Error('not an HTML figure');
  return figure.interactive.html;
}

/** The table of the interactive form: texts of the cells, row by row, as a browser reads them. */
function cells(figure: Figure): string[][] {
  const body = blankDocument.createElement('div');
  body.innerHTML = html(figure);
  return Array.from(body.querySelectorAll('tr'), (row) =>
    Array.from(row.querySelectorAll('th,td'), (cell) => cell.textContent ?? ''),
  );
}

const options: TableOptions = {
  title: 'Published against ours',
  columns: [
    { name: 'what' },
    { name: 'published' },
    { name: 'ours', digits: 3 },
    { name: 'difference', format: (value) => `${Number(value).toFixed(1)} %` },
  ],
  rows: [
    ['test loss', 0.1592, 0.160345, 0.72],
    ['steps', 18750, 18750, 0],
    ['MAP@R', null, NaN, null],
  ],
  caption: 'One seed.',
};

describe('table', () => {
  it('formats numbers, marks what is missing with an en dash', () => {
    expect(cells(table(options))).toEqual([
      ['what', 'published', 'ours', 'difference'],
      ['test loss', '0.1592', '0.160', '0.7 %'],
      ['steps', '18,750', '18,750', '0.0 %'],
      ['MAP@R', '–', '–', '–'],
    ]);
  });

  it('puts numbers on the right and text on the left unless told', () => {
    const aligned = (figure: Figure): string[] =>
      [...html(figure).matchAll(/<th scope="col" style="text-align:(\w+)/g)].map((m) => m[1]);
    expect(aligned(table(options))).toEqual(['left', 'right', 'right', 'right']);
    const columns = [
      { name: 'a', align: 'right' as const },
      { name: 'b', align: 'left' as const },
    ];
    expect(aligned(table({ columns, rows: [['x', 1]] }))).toEqual(['right', 'left']);
  });

  it('has header cells for columns and rows, and sets marked cells in bold', () => {
    const marked = html(table({ ...options, mark: (row, column) => row === 0 && column === 2 }));
    expect(marked.match(/scope="col"/g)).toHaveLength(4);
    expect(marked.match(/scope="row"/g)).toHaveLength(3);
    expect(marked).toMatch(/font-weight:bold[^>]*>0.160</);
    expect(marked.match(/<td[^>]*font-weight:bold/g)).toHaveLength(1);
  });

  it('draws the same text in the still', () => {
    const figure = table(options);
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
    const ink = (rows: TableOptions['rows']): number =>
      readPixels(table({ ...options, rows }).png()).count('#1f2328');
    const empty = options.rows.map((row) => row.map(() => ''));
    expect(ink(options.rows)).toBeGreaterThan(ink(empty) + 300);
  });

  it('breaks long text into lines instead of growing without end', () => {
    const figure = table({ columns: [{ name: 'a' }], rows: [['word '.repeat(100)]] });
    expect(figure.width).toBeLessThan(400);
    expect(figure.height).toBeGreaterThan(100);
  });

  it('escapes everything and holds no script', () => {
    const text = '<script>alert(1)</script><img src=x onerror=alert(1)>&\0';
    const figure = table({ title: text, caption: text, columns: [{ name: text }], rows: [[text]] });
    expect(html(figure)).not.toMatch(/<(script|img)/);
    expect(cells(figure)[1][0]).toContain('<img src=x onerror=alert(1)>&');
    expect(figure.png().length).toBeGreaterThan(500);
  });

  it('takes no rows', () => {
    expect(cells(table({ ...options, rows: [] }))).toHaveLength(1);
    expect(table({ ...options, rows: [] }).png().length).toBeGreaterThan(500);
  });

  it('names what is wrong', () => {
    expect(() => table({ columns: [], rows: [] })).toThrow('table: columns must not be empty');
    expect(() => table({ ...options, rows: [['a', 1]] })).toThrow(
      'table: rows[0] must have 4 values, got 2',
    );
  });
});
