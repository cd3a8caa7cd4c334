import { describe, expect, it } from 'vitest';
import type { Figure } from './figure';
import { blankDocument } from './packages';
import { readPixels } from './pixels';
import { runsTable } from './runs-table';

const runs = [
  { name: 'a', precision: 0.5, loss: 0.25 },
  { name: 'b & <c>', precision: 0.75, loss: NaN },
  { name: 'd', precision: 0.75, loss: 0.125 },
];

/** The cells of a table row by row, the bold ones in stars. */
function cells({ interactive }: Figure): string[][] {
  if (!('html' in interactive)) throw new Error('not a table');
  const body = blankDocument.createElement('div');
  body.innerHTML = interactive.html;
  return Array.from(body.querySelectorAll('tbody tr'), (row) =>
    Array.from(row.querySelectorAll('th,td'), (cell) => {
      const bold = cell.getAttribute('style')?.includes('font-weight:bold');
      return bold ? `*${cell.textContent}*` : (cell.textContent ?? '');
    }),
  );
}

const columns = {
  run: ({ name }: (typeof runs)[number]): string => name,
  precision: ({ precision }: (typeof runs)[number]): number => precision,
  loss: ({ loss }: (typeof runs)[number]): number => loss,
};

describe('runsTable', () => {
  it('has a row for each run and a column for each function', () => {
    expect(cells(runsTable('Runs', runs, columns))).toEqual([
      ['a', '0.5000', '0.2500'],
      ['b & <c>', '0.7500', '–'],
      ['d', '0.7500', '0.1250'],
    ]);
    expect(runsTable('Runs', runs, columns).alt).toBe('Runs: 3 rows of run, precision, loss.');
  });

  it('marks the best of a column, all of them where they are equal, never what is missing', () => {
    const best = { precision: 'highest', loss: 'lowest' } as const;
    expect(cells(runsTable('Runs', runs, columns, { best }))).toEqual([
      ['a', '0.5000', '0.2500'],
      ['b & <c>', '*0.7500*', '–'],
      ['d', '*0.7500*', '*0.1250*'],
    ]);
    const missing = { what: () => null, loss: () => NaN };
    const marked = runsTable('Runs', runs, missing, { best: { what: 'highest', loss: 'lowest' } });
    expect(cells(marked).flat()).toEqual(Array(6).fill('–'));
  });

  it('draws a still, of no run as well', () => {
    for (const some of [runs, []]) {
      const figure = runsTable('Runs', some, columns, {
        best: { loss: 'lowest' },
        caption: 'One.',
      });
      const pixels = readPixels(figure.png());
      expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
    }
  });

  it('says which columns there are', () => {
    expect(() => runsTable('', runs, columns, { best: { lost: 'lowest' } })).toThrow(
      new RangeError("runsTable: best must name columns (run, precision, loss), got 'lost'"),
    );
    expect(() => runsTable('', runs, {})).toThrow('table: columns must not be empty');
  });
});
