import { describe, expect, it } from 'vitest';
import { tableText } from '../figure/table-text';
import { markdownTable } from './table';

describe('markdownTable', () => {
  it('pads columns, numbers to the right', () => {
    const columns = [{ name: 'side' }, { name: 'ms', digits: 3 }];
    const rows = [
      ['compiled', 1.23456],
      ['wasm', 12345],
      ['cpu', null],
    ];
    expect(markdownTable(tableText({ columns, rows }))).toBe(
      [
        '| side     |     ms |',
        '| -------- | -----: |',
        '| compiled |   1.23 |',
        '| wasm     | 12,345 |',
        '| cpu      |      – |',
      ].join('\n'),
    );
  });

  it('keeps cells in their columns and rows on their lines', () => {
    const text = markdownTable(tableText({ columns: [{ name: 'a|b' }], rows: [['c|d\ne']] }));
    expect(text.split('\n')).toEqual(['| a\\|b   |', '| ------ |', '| c\\|d e |']);
  });

  it('has a rule of three dashes at least, without rows too', () => {
    expect(markdownTable(tableText({ columns: [{ name: 'x' }], rows: [] }))).toBe(
      '| x   |\n| --- |',
    );
  });
});
