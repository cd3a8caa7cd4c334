import { describe, expect, it } from 'vitest';
import type { Figure } from './figure';
import { blankDocument } from './packages';
import { readPixels } from './pixels';
import { spreadTable } from './spread-table';

/** The cells of a table row by row, the bold ones in stars, and its caption. */
function read({ interactive }: Figure): { rows: string[][]; caption: string } {
  if (!('html' in interactive)) throw new Error('not a table');
  const body = blankDocument.createElement('div');
  body.innerHTML = interactive.html;
  const rows = Array.from(body.querySelectorAll('tbody tr'), (row) =>
    Array.from(row.querySelectorAll('th,td'), (cell) => {
      const bold = cell.getAttribute('style')?.includes('font-weight:bold');
      return bold ? `*${cell.textContent}*` : (cell.textContent ?? '');
    }),
  );
  return { rows, caption: body.querySelector('figcaption')?.textContent ?? '' };
}

const columns = {
  triplet: [
    { precision: 0.81, loss: 3 },
    { precision: 0.83, loss: 1 },
    { precision: 0.85, loss: 2 },
  ],
  softmax: [
    { precision: 0.8, loss: -1 },
    { precision: 0.8, loss: 0 },
  ],
  pixels: [{ precision: 0.9, 'only here': 12345.678 }],
};

describe('spreadTable', () => {
  it('shows mean and sample standard deviation, and marks the best mean', () => {
    const { rows, caption } = read(spreadTable({ title: 'Seeds', columns }));
    expect(rows).toEqual([
      ['precision', '0.8300 ± 0.0200', '0.8000 ± 0.0000', '*0.9000*'],
      ['loss', '*2.000 ± 1.000*', '−0.500 ± 0.707', '–'],
      ['only here', '–', '–', '12,346'],
    ]);
    expect(caption).toBe(
      'Mean ± standard deviation of 2 to 3 repetitions. Bold: the best of a row.',
    );
  });

  it('marks the lowest, or none, where it is told to', () => {
    const best = { loss: 'lowest', precision: 'none' } as const;
    const { rows } = read(spreadTable({ title: '', columns, best, digits: 2 }));
    expect(rows.slice(0, 2)).toEqual([
      ['precision', '0.83 ± 0.02', '0.80 ± 0.00', '0.90'],
      ['loss', '2.0 ± 1.0', '*−0.5 ± 0.7*', '–'],
    ]);
  });

  it('shows single measurements without a spread, and says nothing of one', () => {
    const once = { a: [{ x: 1e-9, y: 0, z: 1 }], b: [{ x: 2, y: 0, z: NaN }] };
    const { rows, caption } = read(spreadTable({ title: '', columns: once, caption: 'Seed 1.' }));
    expect(rows).toEqual([
      ['x', '0.000', '*2.000*'],
      ['y', '*0.000*', '*0.000*'],
      ['z', '1.000', '–'],
    ]);
    expect(caption).toBe('Seed 1. Bold: the best of a row.');
  });

  it('gives a row of small shares as many decimals as one of large ones', () => {
    const small = { a: [{ x: 0.0123456, y: 0.98765 }], b: [{ x: 0.0000123, y: 0 }] };
    const { rows } = read(spreadTable({ title: '', columns: small }));
    expect(rows).toEqual([
      ['x', '*0.0123*', '0.0000'],
      ['y', '*0.9877*', '0.0000'],
    ]);
  });

  it('agrees with the two-pass formula for large and close values', () => {
    const values = [1e6 + 1, 1e6 + 2, 1e6 + 4];
    const mean = values.reduce((sum, v) => sum + v) / 3;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 2;
    const column = values.map((x) => ({ x }));
    const { rows } = read(spreadTable({ title: '', columns: { column }, digits: 9 }));
    expect(rows[0][1]).toBe(`1,000,002.33 ± ${Math.sqrt(variance).toFixed(2)}`);
  });

  it('draws a still', () => {
    const figure = spreadTable({ title: 'Seeds', columns });
    const pixels = readPixels(figure.png());
    expect([pixels.width, pixels.height]).toEqual([2 * figure.width, 2 * figure.height]);
  });

  it('says what is wrong', () => {
    expect(() => spreadTable({ title: '', columns: {} })).toThrow(
      new RangeError('spreadTable: columns must not be empty'),
    );
    expect(() => spreadTable({ title: '', columns, best: { lost: 'lowest' } })).toThrow(
      new RangeError("spreadTable: best must name rows (precision, loss, only here), got 'lost'"),
    );
  });
});
